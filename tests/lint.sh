#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What every tool has to say about this tree; called by `make lint`. One line a
# check: "ok NAME", or "not ok NAME" with what is wrong under it. All tracked
# files count. CHECKS="sparse man" runs just those, one check a processor. Logs stay in
# build/lint/.
set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
out=$top/build/lint
harness=tools/testing/selftests
mkdir -p "$out"

# tracked PATTERN... - files of the tree, as they are now
tracked() {
	local file
	git ls-files -- "$@" | while read -r file; do
		[[ ! -f $file ]] || printf '%s\n' "$file"
	done
}

# check NAME - run check_NAME; it fails by its status, and says why, in one piece
check() {
	local name=$1 log=$out/$1.log start=$SECONDS said
	if "check_${name//-/_}" >"$log" 2>&1; then
		printf 'ok %-16s %3d s\n' "$name" $((SECONDS - start))
		return 0
	fi
	said=$(
		printf 'not ok %-12s %3d s\n' "$name" $((SECONDS - start))
		head -n 40 "$log" | sed 's/^/    /'
		(($(wc -l <"$log") <= 40)) || echo "    all of it: $log"
	)
	printf '%s\n' "$said"
	return 1
}

# silent COMMAND... - it fails if it says anything
silent() {
	local said
	said=$("$@" 2>&1) || { echo "$said"; return 1; }
	[[ -z $said ]] || { echo "$said"; return 1; }
}

# The kernel's own scripts, and its test harness, out of Debian's source package
kernel_scripts() {
	local tarball source
	tarball=$(find /usr/src -maxdepth 1 -name 'linux-source-*.tar.xz' | sort -V | tail -n 1)
	[[ -n $tarball ]] || { echo "linux-source is missing: run packaging/deps.sh lint"; return 1; }
	[[ -f $out/$harness/kselftest.h && $out/scripts/kernel-doc -nt $tarball ]] && return 0
	source=$(basename "$tarball" .tar.xz)
	tar -xJmf "$tarball" -C "$out" --strip-components=1 --occurrence=1 \
		"$source"/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch,kernel-doc} \
		"$source/$harness/"{kselftest_harness,kselftest}.h
}

check_checkpatch() {
	local file said bad=0
	kernel_scripts || return 1
	while read -r file; do
		local args=(--strict --no-tree --terse --show-types)
		# A module outside the tree cannot do without the version there.
		[[ $file != kmod/compat.h ]] || args+=(--ignore "LINUX_VERSION_CODE,CONSTANT_COMPARISON")
		# Tracepoints have a layout of their own, which checkpatch does not know.
		[[ $file != kmod/trace.h ]] || args+=(--ignore "OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT")
		said=$(perl "$out/scripts/checkpatch.pl" "${args[@]}" -f "$file" | grep -v '^total: ')
		[[ -z $said ]] || { echo "$said"; bad=1; }
	done < <(tracked 'kmod/*.[ch]' 'tests/kunit/*.c' 'uapi/linux/*.h')
	return "$bad"
}

check_kernel_doc() {
	local files
	kernel_scripts || return 1
	mapfile -t files < <(tracked 'kmod/*.[ch]' 'uapi/*.h' 'daemon/*.[ch]')
	silent perl "$out/scripts/kernel-doc" -none -Werror "${files[@]}"
}

# The module, by the compiler with W=1 and by sparse
build_module() {
	local kver modules src log
	kver=$(tests/vm/kver.sh --host "$@")
	src=$out/kmod-$kver log=$out/kmod-$kver.log
	modules=$(tests/vm/kver.sh --modules "$kver")
	[[ -n $kver && -d $modules/build ]] ||
		{ echo "no ${1:-stock} kernel has headers here: run packaging/deps.sh lint"; return 1; }
	rm -rf "$src"
	mkdir -p "$src/kmod" "$src/uapi/linux"
	cp kmod/* "$src/kmod/"
	cp uapi/linux/* "$src/uapi/linux/"
	make -C "$modules/build" M="$src/kmod" -j "$(nproc)" W=1 C=2 modules >"$log" 2>&1 ||
		{ cat "$log"; return 1; }
	! grep -iE 'warning|error' "$log"
}
check_sparse_stock() { build_module; }
check_sparse_rt() { build_module rt; }

# The KUnit suites; they link to the debug kernel alone, but any has their headers.
check_sparse_kunit() {
	local kver objects src=$out/kunit log=$out/kunit.log
	kver=$(tests/vm/kver.sh --host)
	rm -rf "$src"
	mkdir -p "$src/kmod" "$src/uapi/linux" "$src/tests/kunit"
	cp kmod/* "$src/kmod/"
	cp uapi/linux/* "$src/uapi/linux/"
	cp tests/kunit/* "$src/tests/kunit/"
	objects=(tests/kunit/*.c)
	objects=("${objects[@]##*/}")
	make -C "$(tests/vm/kver.sh --modules "$kver")/build" M="$src/tests/kunit" W=1 C=2 \
		"${objects[@]/%.c/.o}" >"$log" 2>&1 || { cat "$log"; return 1; }
	! grep -iE 'warning|error' "$log"
}

check_arrows() { silent /usr/bin/python3 tests/check-arrows.py; }
check_uapi() { silent /usr/bin/python3 tests/check-uapi.py && silent uapi/make-kinds.py --check; }
# One table of fields: a setting is named by the contract, the kernel's use of it, its rows
# and two pages of examples. What is made from those says so in its first lines.
check_fields() {
	local file files=()
	while read -r file; do
		head -n 5 "$file" | grep -q '[Mm]ade .*from' || files+=("$file")
	done < <(tracked daemon kmod uapi packaging docs | xargs -d '\n' grep -l debounce)
	((${#files[@]} <= 8)) || { printf '%s\n' "more than 8 files name debounce:" "${files[@]}"; return 1; }
}
check_console() { silent /usr/bin/python3 tests/console/words.py; }
check_vectors() { silent /usr/bin/python3 tests/vectors/kernel-header.py --check; }

check_clang_format() {
	local files
	# KUnit suites are laid out as the kernel is: checkpatch looks at those.
	mapfile -t files < <(tracked 'daemon/*.[ch]' 'tests/*.[ch]' ':!tests/kunit')
	clang-format --dry-run -Werror "${files[@]}"
}

check_clang_tidy() {
	local log=$out/clang-tidy.cmake
	cmake -S daemon -B "$out/daemon" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$log" 2>&1 ||
		{ cat "$log"; return 1; }
	tracked 'daemon/*.c' | xargs /usr/bin/python3 tests/tidy.py "$out/daemon"
}

# More is inlined then, and the compiler sees more: warnings that no other build has
check_release() {
	local log=$out/release.log
	cmake -S daemon -B "$out/release" -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 &&
		cmake --build "$out/release" -j "$(nproc)" >>"$log" 2>&1 && return 0
	grep -E 'error|warning' "$log" || tail -n 20 "$log"
	return 1
}

check_cppcheck() {
	local files
	kernel_scripts || return 1
	mapfile -t files < <(tracked 'daemon/*.c' 'tests/*.c' ':!tests/kunit')
	# What it has wrong: "a ?: b" is not "a"; who asks for a name or a file has one
	# thread; accept4() takes NULL; what a test's end frees is no leak; the harness is not ours.
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -j "$(nproc)" \
		--enable=warning,performance,portability --library=posix,gnu,bsd \
		'-Djson_array_foreach(a,i,v)=for(i=0;i<json_array_size(a)&&(v=json_array_get(a,i));i++)' \
		'-Djson_object_foreach(o,k,v)=for(k=json_object_iter_key(json_object_iter(o));k;v=json_object_get(o,k))' \
		--suppress=missingIncludeSystem --suppress=selfAssignment \
		--suppress={getpwnam,getpwuid,getgrnam,getgrgid,readdir}Called \
		--suppress=nullPointer:daemon/lib/server.c \
		--suppress={memleak,resourceLeak}:tests/kselftest/\*.c --suppress='*:*/kselftest*.h' \
		"--include=/usr/include/$(gcc -print-multiarch)/sys/queue.h" -I "$out/$harness" \
		-I uapi -I daemon/lib -I daemon/tongbud -I daemon/tongbuctl "${files[@]}"
}

shell_scripts() {
	tracked | while read -r file; do
		# By what the first lines say, not by the name
		! head -n 2 "$file" | grep -aqE '^#!.*[/ ](ba|da)?sh$|^# shellcheck shell=' || echo "$file"
	done
}

check_shellcheck() {
	local files
	mapfile -t files < <(shell_scripts)
	shellcheck "${files[@]}"
}

check_codespell() {
	local files
	mapfile -t files < <(tracked)
	codespell --skip '*.json' -L fro,fo,acces "${files[@]}"
}

check_man() {
	local file said bad=0
	while read -r file; do
		said=$(LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$file" 2>&1 >/dev/null)
		[[ -z $said ]] || { printf '%s: %s\n' "$file" "$said"; bad=1; }
	done < <(tracked 'docs/man/*')
	return "$bad"
}

check_python() {
	local files
	mapfile -t files < <(tracked '*.py')
	PYTHONPYCACHEPREFIX=$out/pycache /usr/bin/python3 -m py_compile "${files[@]}"
}

# Only what is data, or not ours to cut, may be longer.
check_length() {
	local file lines bad=0
	while read -r file; do
		case $file in tests/vectors/*.json | uapi/*.yaml | LICENSE) continue ;; esac
		grep -Iq . "$file" || continue
		lines=$(wc -l <"$file")
		((lines <= 600)) || { echo "$file has $lines lines, more than 600"; bad=1; }
	done < <(tracked)
	return "$bad"
}

check_version() {
	local make cmake kbuild debian
	make=$(sed -n 's/^VERSION\s*:= *//p' Makefile)
	cmake=$(sed -n 's/^project(tongbu VERSION \([^ ]*\).*/\1/p' daemon/CMakeLists.txt)
	kbuild=$(sed -n "s/.*TONGBU_MODULE_VERSION='\"\([^\"]*\)\"'.*/\1/p" kmod/Kbuild)
	debian=$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)
	[[ -n $make && $make = "$cmake" && $make = "$kbuild" && $make = "$debian" ]] &&
		grep -q "^## $make" CHANGELOG.md && return 0
	echo "Makefile says $make, daemon/CMakeLists.txt $cmake, kmod/Kbuild $kbuild,"
	echo "packaging/debian/changelog $debian; CHANGELOG.md has to have a heading for it"
	return 1
}

# Tests that docs/kernels.md and docs/architecture.md have beside a fault; and the faults that
# are planted fit
check_faults() {
	local test planted bad=0
	for planted in tests/planted/*.patch; do
		patch -p0 -s -F0 --dry-run <"$planted" || { echo "$planted does not fit"; bad=1; }
	done
	while read -r test; do
		grep -rqF "$test" tests/unit tests/e2e tests/cli tests/systemd ||
			{ echo "there is no test $test"; bad=1; }
	done < <(sed -n '/^## Faults/,$s/^|.*|\(.*\)|$/\1/p' docs/architecture.md |
		awk -F '\\140' '{ for (i = 2; i <= NF; i += 2) print $i }')
	while read -r test; do
		grep -qrw "$test" tests/kselftest tests/kunit || { echo "there is no test $test"; bad=1; }
	done < <(sed -n '/^## Faults/,/^## What/{/^|/p}' docs/kernels.md | grep -oE '\b[A-Za-z0-9]+(_[A-Za-z0-9]+){2,}')
	return "$bad"
}

check_field_notes() { silent /usr/bin/python3 tests/field-notes.py; }

# Brackets, so that the list is not found in here
check_words() {
	! tracked | xargs -d '\n' grep -nIE -e '[T]ODO' -e 'F[I]XME' -e '\bX[X]X\b' \
		-e '/work/m[a]in' -e '^<{7} |^>{7} '
}

# Those that take longest begin first; one tool takes all processors by itself, and is last.
status=0 running=0
kernel_scripts || exit 1
for name in checkpatch shellcheck sparse-stock sparse-rt sparse-kunit version length words faults field-notes \
	python arrows uapi fields console vectors codespell man kernel-doc clang-format release cppcheck clang-tidy; do
	[[ -z ${CHECKS:-} || " $CHECKS " == *" $name "* ]] || continue
	if ((running == $(nproc))); then
		wait -n || status=1
		running=$((running - 1))
	fi
	check "$name" &
	running=$((running + 1))
done
for ((; running > 0; running--)); do wait -n || status=1; done
exit "$status"
