# Turns the machine's own apt sources (both formats) into one-line sources of another suite:
# awk -v from=bookworm -v to=trixie -v types="deb deb-src" -f sources.awk FILES
# Only entries of the machine's own release count; sid has no -updates and no -security.

function entry(options, uri, suite,    kind, n, i) {
	if (suite != from && index(suite, from "-") != 1 || suite ~ /backports/)
		return
	kind = substr(suite, length(from) + 1)
	if (to == "sid" && kind != "")
		return
	n = split(types, type, " ")
	for (i = 1; i <= n; i++)
		print type[i], options, uri, to kind, "main"
}

function stanza(    i, j, n, m, options) {
	n = split(uris, uri, " ")
	m = split(suites, suite, " ")
	options = key ~ /^\// ? "[signed-by=" key "]" : ""
	for (i = 1; i <= n; i++)
		for (j = 1; j <= m; j++)
			entry(options, uri[i], suite[j])
	uris = suites = key = ""
}

FNR == 1 || NF == 0 { stanza() }
/^URIs:/ { uris = substr($0, 6) }
/^Suites:/ { suites = substr($0, 8) }
/^Signed-By:/ { key = $2 }

/^deb(-src)?[ \t]/ {
	options = ""
	if (match($0, /\[[^]]*\]/)) {
		options = substr($0, RSTART, RLENGTH)
		gsub(/(arch|target)=[^] ]*/, "", options)
		$0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
	}
	entry(options, $2, $3)
}

END { stanza() }
