# SPDX-License-Identifier: Apache-2.0 OR MIT

# Variables by the hundred, functions that call themselves, lists of arguments that grow and shrink.

squares() {
    if [ "$1" -gt 0 ]; then
        eval "square_$1=$(($1 * $1))"
        squares $(($1 - 1))
    fi
}
squares 60

name_50=
n=0
while [ $n -lt 100 ]; do
    n=$((n + 1))
    eval "name_$n='value of $n, with text'"
    set -- "$n" "$((n * 7)) and more" "$@"
    if [ $# -gt 20 ]; then
        shift 10
    fi
done
unset name_3 name_9
echo "${name_50%text}"

text=
n=0
while [ $n -lt 300 ]; do
    n=$((n + 1))
    text="$text$n"
    case $text in
        *77*) text=${text#*77} ;;
    esac
    if [ ${#text} -gt 200 ]; then
        text=
    fi
done

while read -r first rest; do
    eval "line_$n='$rest $first'"
    n=$((n + 1))
done <<END
$(seq -s '
' 1 40)
END
