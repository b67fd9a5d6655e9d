// @vitest-environment jsdom
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sanitize } from '../../../../renderer/inbox/safe-html.ts'
import { allowedStyles } from '../../../../renderer/inbox/safe-style.ts'

function htmlOf(html: string): string {
  const box = document.createElement('div')
  box.append(sanitize(html).nodes)
  return box.innerHTML
}

describe('customer HTML', () => {
  test.each([
    ['a script', '<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['an event handler', '<p onclick="alert(1)">a</p>', '<p>a</p>'],
    ['a style sheet', '<style>p{background:url(https://x.example)}</style><p>a</p>', '<p>a</p>'],
    ['a form', '<form action="https://x.example"><input name="q"><button>Go</button></form>', 'Go'],
    ['a drawing with a script', '<svg><script>alert(1)</script></svg><p>a</p>', '<p>a</p>'],
    ['a frame', '<iframe src="https://x.example"></iframe><object data="x"></object><embed src="x">', ''],
    ['a name that shadows a property', '<p id="body" name="cookie">a</p>', '<p>a</p>'],
    ['data attributes', '<p data-x="1" aria-label="x">a</p>', '<p>a</p>'],
    ['a base address', '<base href="https://x.example"><p>a</p>', '<p>a</p>'],
    ['a refresh', '<meta http-equiv="refresh" content="0;url=https://x.example"><p>a</p>', '<p>a</p>'],
    ['a custom element', '<x-y is="z"><p>a</p></x-y>', '<p>a</p>'],
  ])('loses %s', (_what, given, kept) => {
    expect(htmlOf(given)).toBe(kept)
  })

  test.each([
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    'http://x.example',
    'tel:123',
    '//x.example',
  ])('keeps the words of a link to %s but not the link', (href) => {
    const box = document.createElement('div')
    box.append(sanitize(`<a href="${href}">words</a>`).nodes)
    expect(box.querySelector('a')?.hasAttribute('href') ?? false).toBe(false)
    expect(box.textContent).toBe('words')
  })

  test('shows where a link leads', () => {
    expect(htmlOf('<a href="https://acme.example/x">Acme</a>')).toContain('title="https://acme.example/x"')
  })

  test('loads no image: descriptions stand in, tracking pixels go, and the count is told', () => {
    const { nodes, blockedImages } = sanitize(
      '<img src="https://t.example/p.gif" width="1" height="1"><img src="https://t.example/a.png" alt="A tent">' +
        '<img srcset="https://t.example/b.png 2x" alt=""><img src="cid:logo" alt="Logo">',
    )
    expect(blockedImages).toBe(4)
    expect(nodes.querySelector('img')).toBeNull()
    expect([...nodes.querySelectorAll('[role=img]')].map((image) => image.textContent)).toEqual(['A tent', 'Logo'])
  })

  test('keeps a picture that is in the message itself, but no drawing that could carry script', () => {
    const png = 'data:image/png;base64,iVBORw0KGgo='
    expect(sanitize(`<img src="${png}" alt="">`).nodes.querySelector('img')?.getAttribute('src')).toBe(png)
    expect(sanitize('<img src="data:image/svg+xml;base64,PHN2Zz4=" alt="x">').nodes.querySelector('img')).toBeNull()
  })

  test('folds the outermost quote', () => {
    const { nodes } = sanitize('<p>New</p><blockquote>Old<blockquote>Older</blockquote></blockquote>')
    expect(nodes.querySelectorAll('details')).toHaveLength(1)
    expect(nodes.querySelector('details > summary')?.textContent).toBe('Quoted text')
    expect(nodes.querySelector('details')?.textContent).toContain('Older')
  })

  test('takes styles off the nodes and hands back the harmless ones', () => {
    const { nodes, styles } = sanitize('<p style="font-weight: bold; color: red; position: fixed">a</p>')
    expect(nodes.querySelector('[style]')).toBeNull()
    expect(styles.map(({ name, value }) => [name, value])).toEqual([['font-weight', 'bold']])
  })

  test('never carries a handler, a script or an address to fetch, whatever comes', () => {
    const piece = fc.constantFrom(
      ...[
        '<p>',
        '</p>',
        '<svg>',
        '<math>',
        '<style>',
        '</style>',
        '<mtext>',
        '<table>',
        '<img src=x onerror=alert(1)>',
      ],
      ...['<a href="javascript:alert(1)">', '<!--', '-->', '<noscript>', '<template>', '"', "'", '<form>', '<select>'],
      ...['<img src="https://x.example/a" alt=a>', '<p style="background:url(https://x.example)">', '<![CDATA[', ']]>'],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        const { nodes } = sanitize(parts.join(''))
        for (const element of nodes.querySelectorAll('*')) {
          expect(element.localName).not.toMatch(/^(script|style|svg|math|form|template|iframe|select)$/)
          for (const { name, value } of element.attributes) {
            expect(name).not.toMatch(/^on|^style$|^srcset$/)
            if (name === 'src') expect(value).toMatch(/^data:image/)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('inline styles', () => {
  test.each([
    'background: url(https://x.example/a.png)',
    'position: fixed; top: 0; z-index: 99',
    'content: "x"',
    'width: calc(100vw + 1px)',
    'width: expression(alert(1))',
    'color: red',
    'list-style-type: url(https://x.example)',
    'font-family: x',
    'margin-top: -400px',
    'width: 99999px',
  ])('"%s" is dropped', (style) => {
    expect(allowedStyles(style)).toEqual([])
  })

  test('keep what carries the layout', () => {
    expect(allowedStyles('font-style: italic; padding: 4px 8px; width: 50%')).toEqual([
      ['font-style', 'italic'],
      ['padding-top', '4px'],
      ['padding-right', '8px'],
      ['padding-bottom', '4px'],
      ['padding-left', '8px'],
      ['width', '50%'],
    ])
  })
})
