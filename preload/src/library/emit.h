/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions of filters that are made here and not by libseccomp. */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "library/filter_program.h"

#define LOAD	    (BPF_LD | BPF_W | BPF_ABS)
#define MASK	    (BPF_ALU | BPF_AND | BPF_K)
#define RETURN	    (BPF_RET | BPF_K)
#define JUMP	    (BPF_JMP | BPF_JA)
#define IF_EQUAL    (BPF_JMP | BPF_JEQ | BPF_K)
#define IF_GREATER  (BPF_JMP | BPF_JGT | BPF_K)
#define IF_AT_LEAST (BPF_JMP | BPF_JGE | BPF_K)

static inline bool has_room(const struct filter_program *program, size_t need)
{
	return program->length + need <= BPF_MAXINSNS;
}

/* There must be room. */
static inline void emit(struct filter_program *program, uint16_t code,
			uint32_t k, uint8_t if_true, uint8_t if_false)
{
	program->code[program->length++] = (struct sock_filter){
		.code = code, .jt = if_true, .jf = if_false, .k = k
	};
}
