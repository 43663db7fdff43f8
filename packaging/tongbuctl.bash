# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Completion of tongbuctl(1) for bash: the command itself says what may come next.

_tongbuctl() {
	local line

	COMPREPLY=()
	while IFS= read -r line; do
		if [[ $line == :files ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
		else
			COMPREPLY+=("${line%%$'\t'*}")
		fi
	done < <(tongbuctl --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _tongbuctl tongbuctl
