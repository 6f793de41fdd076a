# SPDX-License-Identifier: Apache-2.0 OR MIT

# Counts words, and changes the lines that they come from.
{
    number = split($0, parts, ",")
    for (i = 1; i <= number; i++) seen[parts[i]]++
    gsub(/[aeiou]/, "<&>")
    text = text $0
    if (length(text) > 2000) text = substr(text, 1000)
}
END { for (word in seen) if (seen[word] > 5) print word }
