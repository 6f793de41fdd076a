/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Debian's Lua asks for this header, which its packaging writes: part of the path of C modules. An app has no files. */
#define DEB_HOST_MULTIARCH "none"
