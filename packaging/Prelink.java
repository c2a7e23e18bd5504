// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;

/**
 * Writes out in a jar file what Java would make when a program comes to it: a class for each lambda
 * and method reference, as compilers did before Java 8, and equals and hashCode of records. What the
 * program does is the same. A lambda takes 0.2 ms also with an archive, and a command meets up to
 * 260 of them at its start; the first method of a record takes 7 ms, and each further one about 1.
 *
 * <p>Usage: java -cp asm.jar:asm-commons.jar Prelink.java JAR...
 */
final class Prelink {
    private static final Method CONSTRUCTOR = Method.getMethod("void <init>()");
    private static final Type OBJECT = Type.getType(Object.class);
    private static final Type OBJECTS = Type.getType(Objects.class);
    private static final String OF_RECORD = "record$"; // how its methods here begin
    private static final String MAKE = "make"; // the method that an object comes from

    /** The classes of the jar, as they become, by their names. */
    private final Map<String, byte[]> classes = new TreeMap<>();

    /** By the host of a nest, the classes that join it. */
    private final Map<String, List<String>> joining = new HashMap<>();

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            new Prelink().rewrite(Path.of(jar));
        }
    }

    private void rewrite(Path jar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile input = new ZipFile(jar.toFile());
                ZipOutputStream output = new ZipOutputStream(bytes)) {
            ZipEntry like = null;
            for (Enumeration<? extends ZipEntry> all = input.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                try (InputStream content = input.getInputStream(entry)) {
                    if (entry.getName().endsWith(".class")) {
                        like = entry;
                        replaceLambdas(new ClassReader(content));
                    } else {
                        write(entry.getName(), entry, content.readAllBytes(), output);
                    }
                }
            }
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                write(each.getKey() + ".class", like, withNest(each), output);
            }
        }
        Files.write(jar, bytes.toByteArray());
    }

    /** With the time of another entry, so that the jar has the same bytes each time. */
    private static void write(String name, ZipEntry like, byte[] content, ZipOutputStream output)
            throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(like.getTimeLocal());
        output.putNextEntry(entry);
        output.write(content);
    }

    /** The class as a host that names those that have joined its nest. */
    private byte[] withNest(Map.Entry<String, byte[]> host) {
        List<String> members = joining.get(host.getKey());
        if (members == null) {
            return host.getValue();
        }
        ClassReader reader = new ClassReader(host.getValue());
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(writer, 0);
        members.forEach(writer::visitNestMember);
        return writer.toByteArray();
    }

    private void replaceLambdas(ClassReader reader) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        reader.accept(new Replacing(writer, reader.getClassName()), 0);
        classes.put(reader.getClassName(), writer.toByteArray());
    }

    private final class Replacing extends ClassVisitor {
        private final String name;
        private final Map<Method, Object[]> ofRecord = new LinkedHashMap<>();
        private String nest;
        private int count;

        Replacing(ClassVisitor next, String name) {
            super(Opcodes.ASM9, next);
            this.name = name;
            nest = name;
        }

        @Override
        public void visitNestHost(String host) {
            super.visitNestHost(host);
            nest = host;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String types, String signature, String[] thrown) {
            return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, method, types, signature, thrown)) {
                @Override
                public void visitInvokeDynamicInsn(
                        String called, String made, Handle bootstrap, Object... given) {
                    if (bootstrap.getName().equals("metafactory")) {
                        String lambda = name + "$$" + ++count;
                        new LambdaClass(lambda, nest, new Method(called, made), given).write();
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, lambda, MAKE, made, false);
                    } else if (isOfRecord(bootstrap) && !called.equals("toString")) {
                        ofRecord.put(new Method(OF_RECORD + called, made), given);
                        super.visitMethodInsn(
                                Opcodes.INVOKESTATIC, name, OF_RECORD + called, made, false);
                    } else {
                        super.visitInvokeDynamicInsn(called, made, bootstrap, given);
                    }
                }
            };
        }

        private static boolean isOfRecord(Handle bootstrap) {
            return bootstrap.getOwner().equals("java/lang/runtime/ObjectMethods");
        }

        @Override
        public void visitEnd() {
            ofRecord.forEach(this::writeOfRecord);
            super.visitEnd();
        }

        /** As java.lang.runtime.ObjectMethods would: given are its words. */
        private void writeOfRecord(Method method, Object[] given) {
            int access = Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
            GeneratorAdapter code = new GeneratorAdapter(access, method, null, null, this);
            // Behind the class and the names, how each component is read.
            Handle[] components = Arrays.copyOfRange(given, 2, given.length, Handle[].class);
            if (method.getReturnType() == Type.INT_TYPE) {
                writeHash(code, components);
            } else {
                writeEquals(code, components);
            }
            code.endMethod();
        }

        private void writeHash(GeneratorAdapter code, Handle[] components) {
            code.push(0);
            for (Handle component : components) {
                code.push(31);
                code.math(GeneratorAdapter.MUL, Type.INT_TYPE);
                load(code, 0, component);
                code.invokeStatic(OBJECTS, Method.getMethod("int hashCode(Object)"));
                code.math(GeneratorAdapter.ADD, Type.INT_TYPE);
            }
            code.returnValue();
        }

        private void writeEquals(GeneratorAdapter code, Handle[] components) {
            Label differ = new Label();
            code.loadArg(1);
            code.instanceOf(Type.getObjectType(name));
            code.ifZCmp(GeneratorAdapter.EQ, differ);
            for (Handle component : components) {
                load(code, 0, component);
                load(code, 1, component);
                code.invokeStatic(OBJECTS, Method.getMethod("boolean equals(Object, Object)"));
                code.ifZCmp(GeneratorAdapter.EQ, differ);
            }
            code.push(true);
            code.returnValue();
            code.mark(differ);
            Object[] arguments = {name, OBJECT.getInternalName()};
            code.visitFrame(Opcodes.F_NEW, 2, arguments, 0, new Object[0]);
            code.push(false);
            code.returnValue();
        }

        private void load(GeneratorAdapter code, int argument, Handle component) {
            Type type = Type.getType(component.getDesc());
            code.loadArg(argument);
            code.checkCast(Type.getObjectType(name));
            code.getField(Type.getObjectType(name), component.getName(), type);
            code.valueOf(type);
        }
    }

    /** The class of one lambda. Its words are those of LambdaMetafactory. */
    private final class LambdaClass {
        private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        private final Type self;
        private final Type[] captured;
        private final Method factory;
        private final Method interfaceMethod;
        private final Handle implementation;
        private final Type dynamicType;

        LambdaClass(String name, String nest, Method called, Object[] given) {
            self = Type.getObjectType(name);
            captured = called.getArgumentTypes();
            factory = new Method(MAKE, called.getDescriptor());
            interfaceMethod = new Method(called.getName(), ((Type) given[0]).getDescriptor());
            implementation = (Handle) given[1];
            dynamicType = (Type) given[2];
            String[] interfaces = {called.getReturnType().getInternalName()};
            int access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
            writer.visit(Opcodes.V17, access, name, null, OBJECT.getInternalName(), interfaces);
            writer.visitNestHost(nest);
            joining.computeIfAbsent(nest, host -> new ArrayList<>()).add(name);
        }

        void write() {
            for (int i = 0; i < captured.length; i++) {
                String type = captured[i].getDescriptor();
                writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "a" + i, type, null, null);
            }
            Method constructor = new Method("<init>", Type.VOID_TYPE, captured);
            GeneratorAdapter code = method(Opcodes.ACC_PRIVATE, constructor);
            code.loadThis();
            code.invokeConstructor(OBJECT, CONSTRUCTOR);
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.loadArg(i);
                code.putField(self, "a" + i, captured[i]);
            }
            end(code);
            code = method(Opcodes.ACC_STATIC, factory);
            code.newInstance(self);
            code.dup();
            code.loadArgs();
            code.invokeConstructor(self, constructor);
            end(code);
            writeInterfaceMethod();
            writer.visitEnd();
            classes.put(self.getInternalName(), writer.toByteArray());
        }

        private GeneratorAdapter method(int access, Method method) {
            return new GeneratorAdapter(access, method, null, null, writer);
        }

        private static void end(GeneratorAdapter code) {
            code.returnValue();
            code.endMethod();
        }

        private void writeInterfaceMethod() {
            GeneratorAdapter code = method(Opcodes.ACC_PUBLIC, interfaceMethod);
            Type owner = Type.getObjectType(implementation.getOwner());
            boolean makes = implementation.getTag() == Opcodes.H_NEWINVOKESPECIAL;
            boolean isStatic = implementation.getTag() == Opcodes.H_INVOKESTATIC;
            if (makes) {
                code.newInstance(owner);
                code.dup();
            }
            Method called = new Method(implementation.getName(), implementation.getDesc());
            List<Type> taken = new ArrayList<>(List.of(called.getArgumentTypes()));
            if (!makes && !isStatic) {
                taken.add(0, owner);
            }
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.getField(self, "a" + i, captured[i]);
                convert(code, captured[i], taken.get(i));
            }
            Type[] dynamic = dynamicType.getArgumentTypes();
            for (int i = 0; i < dynamic.length; i++) {
                code.loadArg(i);
                convert(code, interfaceMethod.getArgumentTypes()[i], dynamic[i]);
                convert(code, dynamic[i], taken.get(captured.length + i));
            }
            code.visitMethodInsn(
                    instruction(),
                    owner.getInternalName(),
                    called.getName(),
                    called.getDescriptor(),
                    implementation.isInterface());
            convert(
                    code,
                    makes ? owner : called.getReturnType(),
                    interfaceMethod.getReturnType(),
                    dynamicType.getReturnType());
            end(code);
        }

        private int instruction() {
            return switch (implementation.getTag()) {
                case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
                case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
                case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
                // A private method; its nest may call it like any other.
                default -> implementation.isInterface()
                        ? Opcodes.INVOKEINTERFACE
                        : Opcodes.INVOKEVIRTUAL;
            };
        }

        private void convert(GeneratorAdapter code, Type from, Type erased, Type to) {
            if (erased.getSort() == Type.VOID) {
                if (from.getSize() == 2) {
                    code.pop2();
                } else if (from.getSize() == 1) {
                    code.pop();
                }
                return;
            }
            convert(code, from, to);
            convert(code, to, erased);
        }

        /** As LambdaMetafactory does: boxes, unboxes, widens or casts. */
        private static void convert(GeneratorAdapter code, Type from, Type to) {
            if (from.equals(to)) {
                return;
            }
            boolean fromPrimitive = from.getSort() < Type.ARRAY;
            boolean toPrimitive = to.getSort() < Type.ARRAY;
            if (fromPrimitive && toPrimitive) {
                code.cast(from, to);
            } else if (fromPrimitive) {
                code.valueOf(from);
            } else if (toPrimitive) {
                code.unbox(to);
            } else {
                code.checkCast(to);
            }
        }
    }
}
