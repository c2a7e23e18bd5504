/* SPDX-License-Identifier: Apache-2.0 */
/* Makes no system call, so that it lives under every filter. */
int main(void)
{
	for (volatile int i = 0;; i++)
		;
}
