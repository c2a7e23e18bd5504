// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Table files made from text. Notes which were opened. */
final class TextFiles implements SyscallDb.TableFiles {
    static final String ARCH_COLUMNS =
            "name,audit_arch,elf_machine,elf_class,endian,seccomp_arch,seccomp_token,other_names,oci,systemd,secondary,b32,table\n";
    static final String COLUMNS = "number,name,audit_name,seccomp\n";
    static final String X86_64 =
            "x86_64,0xc000003e,62,64,little,SCMP_ARCH_X86_64,0xc000003e,amd64,amd64,x86-64,i386|x32,i386,x86_64\n";
    static final String X32 =
            "x32,0xc000003e,62,32,little,SCMP_ARCH_X32,0x4000003e,absent,same,same,absent,absent,x32\n";

    final List<String> opened = new ArrayList<>();
    private final Map<String, String> texts = new HashMap<>();

    TextFiles() {
        with("arches.csv", ARCH_COLUMNS + X86_64 + X32);
        with("x86_64.csv", COLUMNS + "0,read,same,yes\n17,pread64,pread,yes\n");
        with("x32.csv", COLUMNS + "1073741824,read,absent,yes\n");
    }

    TextFiles with(String file, String text) {
        texts.put(file, text);
        return this;
    }

    TextFiles without(String file) {
        texts.remove(file);
        return this;
    }

    @Override
    public synchronized InputStream open(String file) {
        opened.add(file);
        String text = texts.get(file);
        return text == null
                ? null
                : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
