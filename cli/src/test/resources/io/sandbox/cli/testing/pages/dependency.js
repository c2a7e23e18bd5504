require("fs").writeFileSync("made", "")
