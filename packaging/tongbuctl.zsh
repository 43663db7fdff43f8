#compdef tongbuctl
# SPDX-License-Identifier: GPL-2.0-only
# Completion of tongbuctl(1) for zsh: the command itself says what may come next.

local line
local -a found

for line in "${(@f)$(tongbuctl --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
	if [[ $line == :files ]]; then
		_files
	elif [[ -n $line ]]; then
		found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
	fi
done
_describe tongbuctl found
