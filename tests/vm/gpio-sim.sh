# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Simulated GPIO chips, for scripts that run in the guest; source this file.
# The chips are the kernel's own gpio-sim, made through configfs.

GPIO_SIM=/sys/kernel/config/gpio-sim

# gpio_sim_create NAME LINES [LABEL] - make a chip with that label, else its name
gpio_sim_create() {
	mkdir -p "$GPIO_SIM/$1/bank0"
	echo "$2" >"$GPIO_SIM/$1/bank0/num_lines"
	echo "${3:-$1}" >"$GPIO_SIM/$1/bank0/label"
	echo 1 >"$GPIO_SIM/$1/live"
}

# gpio_sim_unplug NAME, gpio_sim_plug NAME - the chip goes, and is there again
gpio_sim_unplug() { echo 0 >"$GPIO_SIM/$1/live"; }
gpio_sim_plug() { echo 1 >"$GPIO_SIM/$1/live"; }

# gpio_sim_remove LABEL
gpio_sim_remove() {
	echo 0 >"$GPIO_SIM/$1/live"
	rmdir "$GPIO_SIM/$1/bank0" "$GPIO_SIM/$1"
}

# gpio_sim_dir LABEL - where the chip's lines stand in sysfs
gpio_sim_dir() {
	echo "/sys/devices/platform/$(<"$GPIO_SIM/$1/dev_name")/$(<"$GPIO_SIM/$1/bank0/chip_name")"
}

# gpio_sim_pull LABEL LINE up|down - move a line; raises the interrupt
gpio_sim_pull() {
	echo "pull-$3" >"$(gpio_sim_dir "$1")/sim_gpio$2/pull"
}

# gpio_card_start - a digital I/O card whose chip does not sleep: the driver of a
# PCI-IDIO-16 on the 8 KiB of memory in BAR 2 of a SCSI adapter that QEMU has. It
# finds registers that keep what is written to them, which is what outputs are.
gpio_card_start() {
	modprobe gpio-pci-idio-16 && echo 1000 0012 >/sys/bus/pci/drivers/pci-idio-16/new_id &&
		[[ -n $(gpio_card_label) ]]
}

# gpio_card_label - the label of its chip; outputs are lines 0 to 15
gpio_card_label() {
	local device
	for device in /sys/bus/pci/drivers/pci-idio-16/0000:*; do
		[[ ! -e $device ]] || basename "$device"
	done
}
