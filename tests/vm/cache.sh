# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is made once and kept for guests: packages' names, kernels, roots, saved
# guests. Sourced. All of it is in $TONGBU_CACHE (default ~/.cache/tongbu), outside
# the tree; what changes gets another name, and a name is given to what is whole.
#
#	apt_of RELEASE COMMAND...	APT's command on that release's lists, not the
#					machine's own
#	renew_lists RELEASE		fetch these lists, if they are older than a week
#	sources RELEASE			lines for a sources.list
#	kept DIR COMMAND...		unless DIR is there: run COMMAND with one more
#					argument, an empty directory that becomes DIR.
#					Others who want the same wait. DIR is NAME-HASH:
#					what was of that name before, and nobody used for
#					a day, goes
#	step WORDS			say what begins, and what took how long
#
# Packages come from the mirror this machine itself uses, for either release.

cache=${TONGBU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tongbu}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

stop() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

codename() {
	case $1 in
	12) echo bookworm ;;
	13) echo trixie ;;
	*) stop "there are guests of Debian 12 and 13, not of $1" ;;
	esac
}

sources() {
	local name lists main security
	name=$(codename "$1")
	# shellcheck disable=SC2016
	lists=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages')
	main=$(awk '$2 !~ /-security/ { print $1; exit }' <<<"$lists")
	security=$(awk '$2 ~ /-security$/ { print $1; exit }' <<<"$lists")
	[[ -n $main ]] || stop "this machine's APT has no source of packages: see sources.list(5)"
	main=${main%/}
	security=${security%/}
	printf "deb [signed-by=$keyring] %s %s main\n" "$main" "$name" \
		"${security:-$main-security}" "$name-security"
	[[ $name = bookworm ]] || printf "deb [signed-by=$keyring] %s %s main\n" "$main" "$name-backports"
}

apt_of() {
	local apt=$cache/apt/$1
	shift
	APT_CONFIG=$apt/apt.conf "$@"
}

renew_lists() {
	local apt=$cache/apt/$1
	[[ -z $(find "$apt/renewed" -mtime -7 2>/dev/null) ]] || return 0
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	(
		flock 9
		[[ -z $(find "$apt/renewed" -mtime -7 2>/dev/null) ]] || exit 0
		sources "$1" >"$apt/sources.list"
		cat >"$apt/apt.conf" <<-CONF
			Dir::State "$apt";
			Dir::State::status "/dev/null";
			Dir::Cache "$apt";
			Dir::Etc::sourcelist "$apt/sources.list";
			Dir::Etc::sourceparts "/dev/null";
			APT::Sandbox::User "root";
			APT::Install-Recommends "no";
		CONF
		if apt_of "$1" apt-get -q update >"$apt/log" 2>&1 && ! grep -q '^[EW]:' "$apt/log"; then
			touch "$apt/renewed"
		elif [[ -f $apt/renewed ]]; then
			echo "the packages' lists of Debian $1 cannot be renewed; the old ones serve" >&2
		else
			cat "$apt/log" >&2
			stop "the packages' lists of Debian $1 cannot be fetched"
		fi
	) 9>"$apt/lock"
}

kept() {
	local dir=$1
	shift
	if [[ -e $dir ]]; then
		touch -c "$dir"
		return
	fi
	mkdir -p "$(dirname "$dir")"
	(
		flock 8
		[[ ! -e $dir ]] || exit 0
		rm -rf --one-file-system "$dir.partial"
		mkdir "$dir.partial"
		"$@" "$dir.partial" || exit 1
		mv "$dir.partial" "$dir"
	) 8>"$dir.lock" || return
	tidy "$dir"
}

# The name in NAME-HASH; kernels bear their series' name, and a hash only if one was made
name_of() { sed -E 's/(-[0-9a-f]{8,12})+(\.d)?$//; s/^([0-9]+\.[0-9]+)\.[0-9]+([-+][0-9]+|[-+]deb[0-9]+)?/\1/; s/\.d$//' <<<"${1##*/}"; }

# tidy DIR - remove what is of its name and older, unless it was used within a day, and what
# nobody is making any more
tidy() {
	local dir=$1 old name
	name=$(name_of "$dir")
	while read -r old; do
		[[ $old = *.partial || $(name_of "$old") = "$name" ]] || continue
		[[ ${old%.partial} != "$dir" ]] || continue
		(flock -n 8 && rm -rf --one-file-system "$old") 8>>"${old%.partial}.lock" || true
	done < <(find "$(dirname "$dir")" -mindepth 1 -maxdepth 1 -type d -mtime +0)
}

# In the log of who waits: to standard error, so that what a caller reads is a result
step() { echo "$* ($((SECONDS)) s)" >&2; }
