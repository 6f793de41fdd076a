# SPDX-License-Identifier: Apache-2.0 OR MIT

# Sums by user, and a text that grows and begins anew.
BEGIN { FS = "," }
{
    total[$1] += $2
    count[$1]++
    text = text substr($3, 1, 2)
    if (length(text) > 300) text = ""
}
END { for (user in total) print user, total[user] / count[user] }
