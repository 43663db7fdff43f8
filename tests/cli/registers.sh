#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# F11, F12. Registers as other people's programs write them: what is read, and as what; what is
# refused, where and with which remedy. Prints TAP.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
tongbuctl=$top/build/bin/tongbuctl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

# reads NAME JSON FILE - the file is read, and this stands in what comes of it
reads() {
	local rc=0
	"$tongbuctl" place check "$3" >out 2>err || rc=$?
	if ((rc == 0)) && grep -qF -- "$2" out; then
		report 0 "$1"
	else
		sed 's/^/# /' out err
		echo "# status $rc, expected 0 with: $2"
		report 1 "$1"
	fi
}

# refuses NAME WORDS FILE - it is not, in one line with these words
refuses() {
	local rc=0
	"$tongbuctl" place check "$3" >out 2>err || rc=$?
	if ((rc == 1)) && grep -qF -- "$2" err && [[ $(wc -l <err) -eq 1 && ! -s out ]]; then
		report 0 "$1"
	else
		sed 's/^/# /' out err
		echo "# status $rc, expected 1 with one line: $2"
		report 1 "$1"
	fi
}

# area GEOMETRY - a collection of one lake with that geometry, in `f`
area() {
	printf '{"type":"FeatureCollection","features":[\n{"type":"Feature","id":"L-1",' >f
	printf '"properties":{"kind":"lake","name":"L"},"geometry":%s}]}\n' "$1" >>f
}
polygon() {
	area '{"type":"Polygon","coordinates":['"$1"']}'
}
ring='[[120,30],[121,30],[121,31],[120,30]]'

polygon '[[498000.1,3431000.2],[499000.1,3431000.2],[499000.1,3432000.2],[498000.1,3431000.2]]'
refuses "metres are named, and how to convert them" \
	"line 2, column 1: feature 1: area: [498000.1, 3431000.2] are no degrees" f
sed -i 's/"features"/"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},&/' f
refuses "a system that the file names is named" "it is in the system urn:ogc:def:crs:EPSG::4549" f
polygon "$ring"
sed -i 's/"features"/"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},&/' f
reads "degrees of CGCS2000 are degrees" '"id":"L-1"' f
polygon '[[30,120],[30,121],[31,121],[30,120]]'
refuses "latitude first is told" "no latitude is 120; longitude comes first: swap the two" f
polygon '[[120,30],[121,30],[121,31],[120.5,30.5]]'
refuses "a ring that is open" "a ring is not closed: repeat its first position at its end" f
polygon '[[120,30],[121,30],[120,30]]'
refuses "a ring of three positions" "a ring has 3 positions" f
polygon '[[179,10],[-179,10],[-179,11],[179,10]]'
refuses "what crosses the 180th meridian" "crosses the 180th meridian" f
area '{"type":"MultiPolygon","coordinates":[[[[179,10],[180,10],[180,11],[179,10]]],[[[-180,10],[-179,10],[-180,11],[-180,10]]]]}'
reads "cut there it is taken" '"MultiPolygon"' f
polygon "$ring,[[120.5,30.1],[120.6,30.1],[120.6,30.2],[120.5,30.1]]"
reads "a hole is kept" '[120.59999999999999,30.199999999999999]' f
area '{"type":"Point","coordinates":[30.1,120.2]}'
refuses "a point with latitude first" "geometry: [30.1, 120.2]: no latitude is 120.2" f
area null
sed -i 's/"L-1"/1201/' f
reads "a number for an id (RFC 7946, 3.2)" '"id":"1201"' f
echo '{"id":1201,"kind":"river","name":"Creek"}' >f
reads "the same in lines of JSON" '"id":"1201"' f
polygon "$ring"
sed -i 's/"name":"L"/"name":"L","name":"M"/' f
refuses "a member that is there twice" "line 2, column" f
polygon "$ring"
truncate -s -4 f
refuses "GeoJSON that breaks off" "line 2, column 152: " f

polygon '[[179,10],[190,10],[190,11],[179,10]]'
refuses "degrees counted on beyond 180" "[190, 10]: longitude goes from -180 to 180" f
polygon "$ring"
sed -i 's,"features","crs":{"type":"name"\,"properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/4326"}}\,&,' f
reads "WGS 84 named by its address" '"id":"L-1"' f
sed 's,/4326,/3857,' f >g
refuses "and another system so" "it is in the system http://www.opengis.net/def/crs/EPSG/0/3857" g
# What nothing was said of: a part of a file that is in another system, or is lost
in_metres='"crs":{"type":"name","properties":{"name":"EPSG:4547"}}'
polygon "$ring"
sed -i "s/\"properties\"/$in_metres,&/" f
refuses "F11: a system that a feature names" "it is in the system EPSG:4547" f
polygon "$ring"
sed -i "s/\"coordinates\"/$in_metres,&/" f
refuses "F11: one that a geometry names" "it is in the system EPSG:4547" f
polygon "$ring"
sed -i 's/"features"/"crs":{"type":"EPSG","properties":{"code":3857}},&/' f
refuses "F11: one that is a number" "it is in the system EPSG:3857" f
sed -i 's/3857/4326/' f
reads "F11: degrees by number" '"id":"L-1"' f
polygon '[[120,30,5],[121,30,6],[121,31,7],[120.0,30.0,8]]'
reads "F11: 120 and 120.0 close a ring, at any height" '"id":"L-1"' f
polygon '[[120,30],[121,31],[122,32],[120,30]]'
refuses "F11: a ring that is a line" "a ring has no area" f
polygon "$ring,[[10,10],[11,10],[11,11],[10,10]]"
refuses "F11: a hole outside its ring" "a hole is outside its ring" f
area '"POLYGON((120 30,121 30,121 31,120 30))"'
refuses "F11: a geometry as text" "geometry: it must be an object of GeoJSON" f
area '{"type":"Point","coordinates":[120,30]}'
sed -i 's/"kind"/"depth":3,"data":{"b":1},&/' f
reads "F11: data and other properties are kept, and the point" '"b":1,"depth":3,"geometry":{' f
sed -i 's/"b":1/"depth":4/' f
refuses "F11: what is there and in data" "depth: it is in data as well" f
sed -i 's/"depth":4/"b":1/; s/"depth":3/"geometry":"x"/' f
refuses "F11: a property called geometry" "geometry: it is among the properties as well" f
polygon "$ring"
sed -i 's/"kind"/"area":12.5,&/' f
refuses "F11: a property called area" "area: the geometry is the area" f
area null
sed -i 's/"type":"Feature",/"type":"FeatureCollection",/' f
refuses "F11: a collection within" "type: it must be a Feature" f
printf '{"type":"FeatureCollection","features":[' >f
for id in 1 1.0; do
	printf '{"type":"Feature","id":%s,"properties":{"kind":"lake","name":"L"},"geometry":null},' $id
done | sed 's/,$/]}/' >>f
refuses "F11: 1 and 1.0 are one id" "feature 2: 1: line 1 has it already" f
echo '[{"id":"a","kind":"river","name":"x"}]' >f
refuses "F11: a list of JSON" "this is a list of JSON" f
printf 'id,kind,name\nR-1\u3000,river,a\n' >f
refuses "F11: a wide blank behind an id" "id: it begins or ends with a blank" f
printf 'id,kind,name\n" R-1",river,a\n' >f
refuses "F11: a blank before one" "id: it begins or ends with a blank" f
printf 'id,kind,name\nR-1,river,"a"b\n' >f
refuses "F11: text behind a quote" "line 2, column 3: text stands behind a closing quote" f
printf 'id;kind;name;length_km\nR-1;river;a;12,5\nR-2;river;b;1.234\n' >f
refuses "F11: two decimal marks" "line 3, column 4: length_km: numbers before have another" f
printf 'id,kind,name,data.a,data\nR-1,river,a,1,{}\n' >f
refuses "F11: data and a part of it" "line 1, column 5: data: data as a whole and parts" f
printf 'id,kind,name\nR-1,river,一\n' | iconv -f UTF-8 -t UTF-16LE >f
reads "F11: UTF-16 without a mark, a zero on the other side" '"name":"一"' f

printf '{"type":"Feature","id":"L-1","properties":{"kind":"lake","name":"L"},"geometry":null}' >f
reads "one feature alone" '"id":"L-1"' f
sed -i 's/"id":"L-1",//' f
refuses "one without an id" "line 1, column 1: feature 1: id: it is missing" f
echo '{"type":"Polygon","coordinates":['"$ring"']}' >f
refuses "a geometry alone" "this is a geometry alone: give it as a Feature" f

printf '\n\r\n id , kind,name \nR-1,river,Creek\nR-2,river\n' >f
refuses "blank lines before the header count" "line 5, column 2: it has fewer cells" f
sed -i '$d' f
reads "blanks around its names do not" '"name":"Creek"' f
printf 'sep=;\r\nid;kind;name\r\nR-1;river;a, b, c\r\n' >f
reads "a line that names the separator" '"name":"a, b, c"' f
printf 'id;kind;name;\nR-1;river;Creek;\n' >f
refuses "a column without a name" "line 1, column 4: this column has no name in the header" f
: >f
refuses "a file with nothing in it" "there is no place in it" f
printf 'id,kind,name\nR-1\u200b,river,Creek\n' >f
refuses "an id that looks like another" "line 2, column 1: id: it has a character that shows nothing" f
printf 'id;kind;name;length_km\nR-1;river;Creek;12,5\n' >f
reads "semicolons, and a comma for the decimal mark" '"length_km":12.5' f
printf 'id,kind,name,length_km\nR-1,river,Creek,"12,5"\n' >f
refuses "12,5 where commas separate is no number" "line 2, column 4: length_km: it must be a number" f
printf 'id\tkind\tname\nR-1\triver\tA, B\n' >f
reads "tabs" '"name":"A, B"' f
printf 'id,kind,name,length_km\rR-1,river,Creek,1E2\rR-2,river,Brook,.5\r' >f
reads "CR alone ends a line; 1E2 is a number" '"length_km":100.0' f
reads ".5 is one" '"length_km":0.5' f
printf 'id,kind,name,length_km\r\nR-1,river,Creek,007\r\nR-2,river,Brook,x\r\n' >f
refuses "CRLF ends one line, not two" "line 3, column 4: length_km" f
printf 'id,kind,name,length_km,data.code,data.depth\n007,river,Creek,007.5,007,2.5\nR-2,river,B,,1E5,null\n' >f
reads "leading zeros: a number where numbers stand, else text" '"code":"007","depth":2.5},"id":"007"' f
grep -q '"length_km":7.5' out
report $? "leading zeros of a number"
grep -q '{"data":{"code":"1E5"},"id":"R-2"' out
report $? "null is no value, 1E5 in data stays text"
printf 'id,kind,name,office\nR-1,river,null,o\n' >f
refuses "null for a name is no name" "line 2, column 3: name: it is missing" f
printf 'id,kind,name\nR-1,river,"null"\n' >f
reads "in quotes it is" '"name":"null"' f
printf 'id,kind,name,name\nR-1,river,a,b\n' >f
refuses "a column that is there twice" "line 1, column 4: name: there is a column of that name" f
printf 'id,kind,name,length_km\nR-1,river,Creek,nan\n' >f
refuses "nan" "line 2, column 4: length_km" f
printf 'id,kind,name,length_km\nR-1,river,Creek,0x10\n' >f
refuses "hexadecimal" "line 2, column 4: length_km" f
printf 'id,kind,name,length_km\nR-1,river,Creek,1e999\n' >f
refuses "a number beyond all numbers" "line 2, column 4: length_km" f

printf 'id,kind,name\nR-1,river,钱塘江\n' >utf8
for charset in UTF-16LE UTF-16BE GBK GB18030; do
	iconv -f UTF-8 -t "$charset" utf8 >f
	reads "$charset" 钱塘江 f
	grep -q "f: read as ${charset/GBK/GB18030}" err
	report $? "$charset: told"
done
{
	printf '\xff\xfe'
	iconv -f UTF-8 -t UTF-16LE utf8
} >f
reads "UTF-16 with a mark" '"id":"R-1"' f
{
	printf '\xef\xbb\xbf'
	cat utf8
} >f
reads "UTF-8 with a mark" '"id":"R-1"' f
[[ ! -s err ]]
report $? "nothing is told of UTF-8"
printf 'id,kind,name\nR-1,river,a\nR-2,river,\xff\xff\n' >f
refuses "what is neither" "line 3: this is neither UTF-8 nor GB18030" f
# What is said goes out in the charset of the locale, whether the machine has that locale or not.
printf '{"id":"河-1","kind":"river","name":"x"}\n{"id":"河-1","kind":"river","name":"y"}\n' >f
LC_ALL=zh_CN.GBK "$tongbuctl" place check f 2>err
iconv -f GBK -t UTF-8 err | grep -q '河-1: line 1 has it already'
report $? "an error in GBK"
LC_ALL=C "$tongbuctl" place check f 2>err
grep -qF '\u6cb3-1: line 1 has it already' err
report $? "in a locale without Chinese, as in JSON"
LC_ALL=C.UTF-8 "$tongbuctl" place check f 2>err
grep -q '河-1: line 1 has it already' err
report $? "in UTF-8 as it is"
printf '{"id":"河-1","kind":"river","name":"x"}\n' >f
LC_ALL=zh_CN.GBK "$tongbuctl" place check f >out
grep -q '"id":"河-1"' out
report $? "JSON is UTF-8 everywhere"
# Neither controls nor what shows nothing: of no width, of another direction, tags
for c in '\u200b' '\u202e' '\u2066' '\ufeff' '\U000e0041' '\u0085' '\x1b[31m'; do
	printf 'id,kind,name,a%bb\n' "$c" >f
	"$tongbuctl" place check f 2>err
	grep -qE 'a\\x[0-9a-f]{2}' err && ! grep -qF "$(printf %b "$c")" err
	report $? "$c does not reach a terminal"
done

# GPX, by whichever program: with namespaces or without, 1.1 or 1.0
gpx() { printf '<?xml version="1.0" encoding="%s"?>\n<%sgpx version="1.1" xmlns%s="http://www.topografix.com/GPX/1/1">%s</%sgpx>' "$@"; }
gpx UTF-8 '' '' '<metadata><name>no</name></metadata><wpt lat="30.5" lon="120.25"><name> P-1 </name><desc>东 &amp; 西</desc><type>dock</type><link href="x"><text>no</text></link></wpt>' '' >f
reads "a waypoint" '{"data":{"geometry":{"coordinates":[120.25,30.5],"type":"Point"}},"id":"P-1","kind":"dock","name":"东 & 西"}' f
gpx UTF-8 g: :g '<g:trk><g:name>T-1</g:name><g:type>path</g:type><g:trkseg><g:trkpt lat="30" lon="120"/><g:trkpt lat="30.5" lon="120.5"/></g:trkseg><g:trkseg><g:trkpt lat="1" lon="1"/></g:trkseg></g:trk>' g: >f
reads "a track, behind a prefix" '{"data":{"geometry":{"coordinates":[[120.0,30.0],[120.5,30.5]],"type":"LineString"}},"id":"T-1","kind":"path","name":"T-1"}' f
gpx GBK '' '' '<rte><name>河-1</name><type>river</type><rtept lat="30" lon="120"><name>no</name></rtept><rtept lat="30.5" lon="120.5"/></rte>' '' | iconv -f UTF-8 -t GBK >f
reads "a route, in GBK" '"id":"河-1","kind":"river","name":"河-1"' f
gpx UTF-8 '' '' '<wpt lat="30" lon="120"><name>P-1</name></wpt>' '' >f
refuses "a waypoint of no kind" "feature 1: type: it is missing: it says what kind of place this is" f
gpx UTF-8 '' '' '<wpt lat="30" lon="120"><type>dock</type></wpt>' '' >f
refuses "one without a name" "feature 1: name: it is missing: it is the id of the place" f
gpx UTF-8 '' '' '<wpt lat="30" lon="12O"><name>P-1</name></wpt>' '' >f
refuses "a letter for a digit" "feature 1: lon: it must be a number of degrees" f
gpx UTF-8 '' '' '<wpt lat="99" lon="120"><name>P-1</name><type>dock</type></wpt>' '' >f
refuses "degrees that are none" "are no degrees" f
gpx UTF-8 '' '' '<wpt lat="30" lon="120"><name>P-1</name>' '' >f
refuses "what is not closed" "line 2, column " f
gpx UTF-8 '' '' '' '' >f
refuses "one with nothing in it" "there is no place in it" f
printf '<html><body>Not found</body></html>' >f
refuses "another XML" "line 1, column 1: html: this XML is no GPX" f
printf '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<gpx>&b;</gpx>' >f
refuses "entities" "line 1, column 1" f

exit "$failed"
