# SPDX-License-Identifier: Apache-2.0 OR MIT
# Two lines at a time.
s/user\([0-9]*\)/U<\1>/g
/9,/d
$!N
P
D
