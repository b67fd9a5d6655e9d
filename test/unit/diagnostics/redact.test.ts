import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact, redactText } from '../../../main/diagnostics/redact.ts'
import { AppError } from '../../../main/errors.ts'

const canary = 'kQ7vTz2LrX9mB4nC8wYp3sDf6gHj1aEu5oIi'

describe('a text', () => {
  test.each([
    `Authorization: Bearer ${canary}`,
    `authorization=Basic ${Buffer.from(canary).toString('base64')}`,
    `bearer ${canary}`,
    `GET https://x.example/cb?code=${canary}&state=1`,
    `app.manydesk://oauth/callback?state=${canary}`,
    `app.manydesk://oauth/callback?state%3D${canary}`,
    `grant_type=refresh_token&refresh_token=${canary}`,
    `access_token=${canary};`,
    `client_secret=${canary}`,
    `client-secret: "${canary}"`,
    `code_verifier=${canary}`,
    `{"access_token":"${canary}","expires_in":1800}`,
    `{"refresh_token": "${canary}"}`,
    `{\\"client_secret\\":\\"${canary}\\"}`,
    `{'id_token': '${canary}'}`,
    `password=${canary}`,
    `Cookie: session=${canary}; other=${canary}`,
    `Set-Cookie: a=${canary}`,
    `eyJhbGciOiJSUzI1NiJ9.${canary}.${canary}`,
    `eyJhbGciOiJkaXIifQ..${canary}.${canary}.${canary}`,
    `the token was ${canary}`,
    `key ${Buffer.from(canary).toString('hex')}`,
    `"secret" : "with \\" quote ${canary}"`,
  ])('loses the secret in %j', (text) => {
    expect(redactText(text)).not.toContain(canary)
    expect(redactText(text)).not.toContain(canary.slice(0, 12))
    expect(redactText(text)).not.toContain(Buffer.from(canary).toString('hex').slice(0, 20))
  })

  test('keeps what is needed to understand it', () => {
    const plain =
      'GET https://acme.zendesk.com/api/v2/incremental/tickets answered 429 for account 0b1f7a52-6c1d-4a8e-9a50-0d3a2c1b9f10'
    expect(redactText(plain)).toBe(plain)
    expect(redactText('invalid_grant: the code has expired')).toBe('invalid_grant: the code has expired')
    expect(redactText('net::ERR_NAME_NOT_RESOLVED ECONNREFUSED')).toBe('net::ERR_NAME_NOT_RESOLVED ECONNREFUSED')
  })

  test('loses e-mail addresses', () => {
    expect(redactText('mail from jürgen.müller+x@kunden.example.de failed')).toBe('mail from [e-mail] failed')
  })

  test('of any length is at most 2,001 characters long and done quickly', () => {
    for (const text of [
      'a'.repeat(5_000_000),
      'code='.repeat(100_000),
      '"'.repeat(100_000),
      'eyJaaaaaa.'.repeat(100_000),
      'a@'.repeat(100_000),
    ]) {
      expect(redactText(text).length).toBeLessThanOrEqual(2_001)
    }
  })

  test('redacted twice is the same as redacted once, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const once = redactText(text)
        expect(redactText(once)).toBe(once)
      }),
    )
  })
})

describe('a value', () => {
  test.each([
    'accessToken',
    'refresh_token',
    'token',
    'ID-Token',
    'clientSecret',
    'client_secret',
    'Authorization',
    'cookie',
    'set-cookie',
    'code',
    'state',
    'verifier',
    'codeVerifier',
    'password',
    'appKey',
    'private_key',
  ])('under the name %s is hidden wherever it stands', (name) => {
    const text = JSON.stringify(redact({ deep: [{ [name]: `plain ${canary}` }, { [name]: { inner: 'short' } }] }))
    expect(text).not.toContain('plain')
    expect(text).not.toContain('short')
  })

  test.each([
    'body',
    'bodyText',
    'bodyHtml',
    'html',
    'preview',
    'subject',
    'signature',
    'email',
    'customerEmail',
    'phone',
  ])('under the name %s is what somebody wrote or is, and is left out', (name) =>
    expect(redact({ [name]: 'Dear Ms Quill' })).toEqual({ [name]: '[omitted]' }),
  )

  test('that carries bytes, headers, addresses or answers is only named', () => {
    const values = {
      bytes: Buffer.from(canary),
      url: new URL(`https://user:${canary}@x.example/a?code=${canary}#${canary}`),
      headers: new Headers({ authorization: canary }),
      response: new Response(canary, { status: 401 }),
      request: new Request('https://x.example', { method: 'POST', body: canary }),
      parameters: new URLSearchParams({ code: canary }),
      map: new Map([['a', canary]]),
      work: () => canary,
    }
    const text = JSON.stringify(redact(values))
    expect(text).not.toContain(canary)
    expect(redact(values)).toMatchObject({
      url: 'https://x.example/a',
      response: '[response 401]',
      headers: '[Headers]',
    })
  })

  test('that is an error loses the secrets in its message and in every cause', () => {
    const inner = new Error(`refresh_token=${canary}`)
    const outer = new AppError('token_rejected', 'Sign in again', {
      detail: `Bearer ${canary}`,
      cause: new Error('x', { cause: inner }),
    })
    expect(redact({ error: outer })).toEqual({
      error: {
        name: 'AppError',
        code: 'token_rejected',
        message: 'Sign in again',
        detail: 'Bearer [secret]',
        cause: { name: 'Error', message: 'x', cause: { name: 'Error', message: 'refresh_token=[secret]' } },
      },
    })
  })

  test('keeps error codes, states, numbers and identifiers', () => {
    const plain = {
      code: 'needs_sign_in',
      state: 'connected',
      status: 429,
      accountId: 'a1',
      vendor: 'testdesk',
      ok: true,
      none: null,
      tokens: 3,
    }
    expect(redact(plain)).toEqual(plain)
    expect(redact({ code: 'ECONNRESET' })).toEqual({ code: 'ECONNRESET' })
  })

  test('that contains itself or throws on reading stops nothing', () => {
    const loop: Record<string, unknown> = { a: 1 }
    loop.self = loop
    expect(redact(loop)).toEqual({ a: 1, self: '[…]' })
    expect(
      redact({
        get bad() {
          throw new Error(canary)
        },
      }),
    ).toBe('[unreadable]')
  })

  test('of any shape becomes something JSON can write', () => {
    fc.assert(fc.property(fc.anything(), (value) => void JSON.stringify(redact(value))))
  })
})
