import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCodec, encodeClone } from '../../standin/codec.ts'
import { parseHostRules } from '../../standin/host-rules.ts'
import { registerPrivileges, toAppUrl, toBrowserUrl, widenPolicy } from '../../standin/schemes.ts'

const codec = createCodec()
const copy = (value: unknown) => codec.decode(encodeClone(codec, value))

describe('the codec', () => {
  it('gives for any value what structuredClone gives', () => {
    const values = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(values, (value) => {
        expect(copy(value)).toStrictEqual(structuredClone(value))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps a key named __proto__ as data', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}')
    expect(Object.getPrototypeOf(copy(value))).toBe(Object.prototype)
    expect(Object.keys(copy(value) as object)).toEqual(['__proto__'])
  })

  it('keeps views on one buffer together', () => {
    const { buffer } = new Uint8Array([1, 2, 3, 4])
    const both = copy([new Uint8Array(buffer, 1, 2), new DataView(buffer)]) as [Uint8Array, DataView]
    expect([...both[0]]).toEqual([2, 3])
    expect(both[0].buffer).toBe(both[1].buffer)
  })

  it.each([() => 1, Symbol('s'), { deep: [() => 1] }, Promise.resolve(), new WeakMap()])('refuses %s', (value) => {
    expect(() => copy(value)).toThrow('An object could not be cloned.')
  })
})

describe('host rules', () => {
  const resolve = parseHostRules(
    'MAP *.desk.example 127.0.0.1:1234, MAP a.example:8443 [::1]:9, MAP gone ~NOTFOUND, EXCLUDE free.desk.example',
  )

  it.each([
    ['acme.desk.example', 443, { host: '127.0.0.1', port: 1234 }],
    ['desk.example', 443, { host: 'desk.example', port: 443 }],
    ['free.desk.example', 443, { host: 'free.desk.example', port: 443 }],
    ['a.example', 8443, { host: '::1', port: 9 }],
    ['a.example', 443, { host: 'a.example', port: 443 }],
    ['gone', 80, 'not-found'],
  ])('lead %s:%i to %o', (host, port, target) => {
    expect(resolve(host, port)).toEqual(target)
  })

  it('that make no sense are refused', () => {
    expect(() => parseHostRules('MOVE a b')).toThrow('Bad host resolver rule')
  })
})

describe('addresses of a handled scheme', () => {
  registerPrivileges('app', { standard: true })
  registerPrivileges('app.other', { standard: true })

  it.each([
    'app://main/index.html?a=1#b',
    'app://main/',
    'app.other://x.y/path/',
    'https://example.com/app://main/',
    'about:blank',
    'mailto:a@b.c',
  ])('%s survives the way into the browser and back', (url) => {
    expect(toAppUrl(toBrowserUrl(url))).toBe(url)
  })

  it('stay apart from look-alikes of another site', () => {
    expect(toAppUrl('https://main.app.standin.invalid.evil.example/')).toBe(
      'https://main.app.standin.invalid.evil.example/',
    )
    expect(toAppUrl('https://main.nobody.standin.invalid/')).toBe('https://main.nobody.standin.invalid/')
  })

  it('are allowed in a policy under both of their names', () => {
    const policy = widenPolicy("default-src 'none'; img-src app: data:; frame-src app://frames")
    expect(policy).toBe(
      "default-src 'none'; img-src app: data: https://*.app.standin.invalid; frame-src app://frames https://frames.app.standin.invalid",
    )
  })
})
