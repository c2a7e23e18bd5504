using System.Linq;
using System.Threading.Tasks;

class X {
    static int Main() {
        return Enumerable.Range(0, 8).Select(i => Task.Run(() => new byte[1 << 20].Length * i)).Sum(t => t.Result) > 0 ? 0 : 1;
    }
}
