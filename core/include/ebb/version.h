/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The version of ebb. The build reads the three numbers below; only the crate in port-tock/rust says them once more,
 * and a test of it fails if those are others.
 *
 * Until 1.0 a new minor version may change the interface; a new patch version never does.
 */
#ifndef EBB_VERSION_H
#define EBB_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define EBB_VERSION_MAJOR 0
#define EBB_VERSION_MINOR 1
#define EBB_VERSION_PATCH 0

/* The version of these headers, such as "1.2.3". */
#define EBB_VERSION EBB_VERSION_TEXT(EBB_VERSION_MAJOR, EBB_VERSION_MINOR, EBB_VERSION_PATCH)

/* Two steps: the arguments of the first are replaced by their values, those of the second are quoted as they are. */
#define EBB_VERSION_TEXT(major, minor, patch) EBB_VERSION_QUOTE(major, minor, patch)
#define EBB_VERSION_QUOTE(major, minor, patch) #major "." #minor "." #patch

/*
 * The version of the library that is linked, as text: differs from EBB_VERSION if and only if the program was compiled
 * with the headers of another version. Constant.
 */
const char *ebb_version(void);

#ifdef __cplusplus
}
#endif

#endif
