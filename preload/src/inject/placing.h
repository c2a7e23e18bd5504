/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

struct injection;

/* These functions return 0 or -errno. */

/* Puts struct sock_fprog and the filter into the target's memory. */
int place_image(struct injection *injection);

/* Restores the memory that place_image() has borrowed. */
int remove_image(struct injection *injection);

/* Makes the target close its end of the filter's pipe, if there is one. */
int close_feed(struct injection *injection);
