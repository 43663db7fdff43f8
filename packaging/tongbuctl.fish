# SPDX-License-Identifier: GPL-2.0-only
# Completion of tongbuctl(1) for fish: the command itself says what may come next.

function __tongbuctl
    set -l words (commandline -opc) (commandline -ct)
    set -l found (tongbuctl --complete $words[2..-1] 2>/dev/null)
    if contains -- :files $found
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $found
    end
end

complete -c tongbuctl -f -a '(__tongbuctl)'
