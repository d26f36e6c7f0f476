# The keys of cordwatch.conf(5) from the sample configuration.
function roff(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text ~ /^[.']/ ? "\\&" text : text
}

/^$/ { text = ""; next }
/^# / { text = text roff(substr($0, 3)) "\n"; next }
/^#?\[/ {
	sub(/^#/, "")
	printf ".SS %s\n%s", roff($0), text
	text = ""
	next
}
/^#[a-z_]+ = / {
	printf ".TP\n.BI %s \" = %s\"\n%s", roff(substr($1, 2)), roff(substr($0, index($0, " = ") + 3)), text
	text = ""
}
