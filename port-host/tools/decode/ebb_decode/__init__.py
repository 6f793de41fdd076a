# SPDX-License-Identifier: Apache-2.0 OR MIT
"""From the bytes of a recorder (ebb/recorder.h) to an allocation trace."""
