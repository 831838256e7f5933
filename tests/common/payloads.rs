//! Texts that want to be markup, scripts or templates.

use std::collections::BTreeSet;

const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script\t\n bar>",
    "<<script>alert(1)//<</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\"//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<html manifest=x>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=//x.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//x.example/>",
    "<style>@import '//x.example/x.css';</style>",
    "<form action=//x.example><input name=a>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<plaintext>",
    "<xmp>",
    "<listing>",
    "<textarea>",
    "<title>",
    "<select><option>",
    "<table><tr><td>",
    "<frameset><frame src=x>",
    "<x onclick=alert(1)>x</x>",
    "<?php echo 1 ?>",
    "<?xml version=\"1.0\"?>",
    "<!doctype html>",
    "<!-- x -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "--><script>alert(1)</script>",
    "--!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "<%= x %>",
    "<",
    "</",
    "<!",
    "<a",
    "< script>alert(1)</ script>",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "\u{2028}<script>\u{2029}alert(1)</script>",
    "\u{feff}<script>alert(1)</script>",
    "\u{202e}<script>alert(1)</script>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#x3c;/script&#x3e;",
    "&#x3c",
    "&lt",
    "&amp;lt;script&amp;gt;",
    "&notit;&copy=1&amp",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\\x3cscript\\x3e",
    "\u{bc}script\u{be}alert(1)\u{bc}/script\u{be}",
];

const DIRECTIVES: &[&str] = &[
    "<esi:include src=\"http://x.example/x\"/>",
    "<ESI:include src='/x'/>",
    "<esi:vars>$(HTTP_COOKIE)</esi:vars>",
    "<esi:inline name='/x' fetchable='yes'>",
    "<!--esi <p>x</p> -->",
    "<esi:remove>x</esi:remove>",
    "<!--#include virtual=\"/etc/passwd\" -->",
    "<!--#exec cmd=\"id\" -->",
    "<!--#echo var='HTTP_COOKIE'-->",
    "{{constructor.constructor('alert(1)')()}}",
    "{{title}}",
    "{{{title}}}",
    "{{#items}}{{/items}}",
    "{% include 'x' %}",
    "${alert(1)}",
    "#{alert(1)}",
    "[[${7*7}]]",
    "<%= 7*7 %>",
    "@{x}",
    "$(HTTP_COOKIE{x})",
    "ng-app ng-csp",
    "v-html='x'",
];

const BREAKOUTS: &[&str] = &[
    "\"", "'", "`", "\">", "'>", "\"/>", "\" ", "' ", "\"\n", "\\\"", "&quot;", "&#34;", "&#39;",
    "&apos;", "\u{201d}", "\u{ff02}",
];

const PAYLOADS: &[&str] = &[
    "onclick=alert(1) x=",
    "onmouseover=\"alert(1)",
    "autofocus onfocus='alert(1)",
    "<script>alert(1)</script>",
    "style=x:expression(alert(1)) x=",
];

/// What schemes look like, and what may stand before and within them.
const SCHEMES: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "blob:https://x.example/x",
    "file:///etc/passwd",
    "about:blank",
    "view-source:x",
    "jar:http://x.example!/x",
    "feed:javascript:alert(1)",
    "livescript:x",
    "mocha:x",
    "mailto:x@x.example",
    "tel:1",
    "intent://x",
    "ftp://x.example",
    "ws://x.example",
    "filesystem:http://x",
    "x-unknown:y",
    "https+javascript:x",
    "httpx:x",
    "javascript://%0aalert(1)",
    "javascript:/*http://*/alert(1)",
    "javascript:\"/*'/*`/*--></noscript></title></textarea></style></template></script><svg onload=alert(1)>",
];
const BEFORE: &[&str] = &[
    "", " ", "\t", "\n", "\r\n", "\u{b}", "\u{c}", "\0", "\u{1}", "\u{1f}", "\u{7f}", "\u{85}",
    "\u{a0}", "\u{2003}", "\u{2028}", "\u{feff}", "\u{200b}", "\u{3000}", "  \t ",
];
const WITHIN: &[&str] = &[
    "\t",
    "\n",
    "\r",
    "\0",
    " ",
    "&Tab;",
    "&NewLine;",
    "&#9;",
    "&#x0A;",
    "&#0;",
    "\u{ad}",
    "\u{200d}",
    "/**/",
    "\\",
];

const ENTITIES: &[&str] = &[
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106avascript&#58alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "java%73cript:alert(1)",
    "javascript%3aalert(1)",
    "\\u006aavascript:alert(1)",
    "//x.example/x",
    "\\\\x.example\\x",
    "/\\x.example",
    "///x.example",
    "http:javascript:alert(1)",
    "https:/x",
    "?x=javascript:alert(1)",
    "#javascript:alert(1)",
    "/javascript:alert(1)",
    "./javascript:alert(1)",
    "a/b:c",
    ":javascript:alert(1)",
    "//javascript:alert(1)",
    "https://x.example/\"><script>alert(1)</script>",
    "https://x.example/' onclick='alert(1)",
    "https://user:pass@x.example/",
    "https://x.example/{{x}}",
];

/// All of them, each once.
pub fn strings() -> BTreeSet<String> {
    let fixed = MARKUP
        .iter()
        .chain(DIRECTIVES)
        .chain(ENTITIES)
        .map(|s| (*s).to_owned());
    let closers = [
        "a", "h2", "p", "section", "ul", "li", "b", "title", "script", "style", "main", "body",
        "html",
    ];
    let closers = closers
        .iter()
        .map(|tag| format!("</{tag}><img src=x onerror=alert(1)>"));
    let breakouts = BREAKOUTS.iter().flat_map(|quote| {
        PAYLOADS
            .iter()
            .map(move |payload| format!("x{quote}{payload}{quote}"))
    });
    let before = BEFORE.iter().flat_map(|before| {
        SCHEMES
            .iter()
            .map(move |scheme| format!("{before}{scheme}"))
    });
    let within = WITHIN.iter().flat_map(|junk| {
        [
            "java|script:alert(1)",
            "|javascript:alert(1)",
            "javascript|:alert(1)",
            "htt|p:x",
        ]
        .map(|scheme| scheme.replace('|', junk))
    });
    let control = (0_u8..0x20).map(|c| format!("{0}java{0}script{0}:x<{0}b>", char::from(c)));
    fixed
        .chain(closers)
        .chain(breakouts)
        .chain(before)
        .chain(within)
        .chain(control)
        .collect()
}
