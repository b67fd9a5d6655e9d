import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readError } from '../../../main/connectors/outlook/errors.ts'
import { signIn } from '../../../main/connectors/outlook/sign-in.ts'
import { readTokenError } from '../../../main/connectors/outlook/token-errors.ts'
import { isAppError } from '../../../main/errors.ts'

const read = (key: string, text: string) => signIn.fields.find((field) => field.key === key)?.normalise(text)

describe('where a Microsoft 365 account works', () => {
  it.each([
    ['', ''],
    [' Support@Contoso.example ', 'support@contoso.example'],
    ['Contoso Support <support@contoso.example>', 'support@contoso.example'],
    ['mailto:support@contoso.example', 'support@contoso.example'],
    ["o'neil+de@sub.contoso.example", "o'neil+de@sub.contoso.example"],
  ])('is a mailbox, understood from %j', (text, plain) => expect(read('mailbox', text)).toBe(plain))

  it.each([
    ['', ''],
    ['Contoso.example', 'contoso.example'],
    ['contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize?x=1', 'contoso.example'],
    ['ella@contoso.example', 'contoso.example'],
    ['8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490', '8eaef023-2b34-4da1-9baa-8bc8c9d6a490'],
    ['common', 'common'],
  ])('is an organisation, understood from %j', (text, plain) => expect(read('tenant', text)).toBe(plain))

  it.each([
    ['mailbox', 'support'],
    ['mailbox', 'a b@contoso.example'],
    ['mailbox', 'a@b'],
    ['mailbox', 'a/../me@contoso.example'],
    ['mailbox', 'a@b@contoso.example'],
    ['tenant', 'contoso'],
    ['tenant', '../common'],
    ['tenant', 'evil.example@x/../'],
  ])('is refused with words when the %s is %j', (key, text) =>
    expect(() => read(key, text)).toThrow(expect.objectContaining({ code: 'site_invalid' })),
  )

  it('never lets a typed text change the host or the path of the sign-in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let tenant: string | undefined
        try {
          tenant = read('tenant', text)
        } catch (error) {
          return isAppError(error, 'site_invalid')
        }
        const { token } = signIn.endpoints({ tenant: tenant ?? '' })
        return /^https:\/\/login\.microsoftonline\.com\/[a-z0-9.-]+\/oauth2\/v2\.0\/token$/.test(token)
      }),
    )
  })

  it('reads scopes in any spelling as the ones it asked for', () => {
    expect(
      ['https://graph.microsoft.com/Mail.Send', 'mail.readwrite.shared', 'openid'].map((each) =>
        signIn.readScope?.(each),
      ),
    ).toEqual([...['Mail.Send', 'Mail.ReadWrite.Shared', 'openid']])
  })
})

describe('errors of the token endpoint', () => {
  const error = (code: number, word = 'invalid_grant') => ({
    error: word,
    error_description: `AADSTS${code}: Some words.\r\nTrace ID: 1\r\nCorrelation ID: 2`,
    error_codes: [code],
  })

  it.each([
    [65001, 'invalid_grant', /administrator/],
    [90094, 'invalid_grant', /administrator/],
    [65004, 'invalid_grant', /declined/],
    [50076, 'invalid_grant', /multi-factor/],
    [700082, 'invalid_grant', /ended/],
    [50020, 'invalid_client', /check the organisation/],
    [90002, 'invalid_client', /check the organisation/],
    [7000218, 'invalid_client', /needs a client secret/],
    [50011, 'invalid_client', /redirect URL/],
  ])('AADSTS%i leads to %s, in plain words', (code, word, words) => {
    const told = readTokenError(400, error(code))
    expect(told?.error).toBe(word)
    expect(told?.description).toMatch(words)
    expect(told?.description).toContain(`AADSTS${code}`)
    expect(told?.description).not.toContain('Trace ID')
  })

  it('knows the number from the text where there is no list', () =>
    expect(
      readTokenError(400, { error: 'invalid_grant', error_description: 'AADSTS50173: changed' })?.description,
    ).toMatch(/password/))

  it('asks for a person when one is wanted, with an unknown number', () =>
    expect(readTokenError(400, error(99_999, 'interaction_required'))).toEqual({
      error: 'invalid_grant',
      description: 'AADSTS99999: Some words.',
    }))

  it.each([
    [{ error: 'temporarily_unavailable' }],
    [{ error: 'invalid_grant' }],
    [{}],
    [{ error: 3 }],
    [{ error: 'x', error_codes: ['constructor'] }],
  ])('leaves %j to the standard', (body) => expect(readTokenError(400, body)).toBeNull())
})

describe('errors of Graph', () => {
  const none = new Headers()
  const body = (code: string, inner?: object, spelling = 'innerError') =>
    JSON.stringify({ error: { code, message: 'The words of the service.', [spelling]: inner } })

  it.each([
    [401, body('InvalidAuthenticationToken'), 'needs_sign_in', null],
    [403, body('ErrorSendAsDenied'), 'vendor_forbidden', 'not send from it'],
    [403, body('ErrorAccessDenied'), 'vendor_forbidden', 'no access to this mailbox'],
    [404, body('MailboxNotEnabledForRESTAPI'), 'vendor_not_found', 'no mailbox in Exchange Online'],
    [404, body('ErrorItemNotFound'), 'vendor_not_found', null],
    [400, body('InefficientFilter'), 'vendor_rejected', 'The words of the service.'],
    [412, body('ErrorIrresolvableConflict'), 'vendor_conflict', 'at the same time'],
    [429, body('ApplicationThrottled'), 'rate_limited', null],
    [503, '<html></html>', 'vendor_failed', null],
    [
      400,
      body('BadRequest', { code: 'X', innererror: { code: 'ErrorInvalidUser' } }),
      'vendor_not_found',
      'no mailbox at this address',
    ],
    [403, body('Forbidden', { code: 'ErrorSendAsDenied' }, 'innererror'), 'vendor_forbidden', 'not send from it'],
  ])('%i %s', (status, text, code, words) => {
    const error = readError(status, none, text)
    expect(error.code).toBe(code)
    expect(error.detail).toContain(`HTTP ${status}`)
    if (words !== null) expect(error.message).toContain(words)
  })

  it('never throws, whatever the body is', () => {
    fc.assert(fc.property(fc.json(), (text) => readError(400, none, text).detail?.includes('HTTP 400') === true))
    const deep = JSON.stringify({
      error: Array.from({ length: 50 }).reduce<object>((inner) => ({ innerError: inner }), { code: 'x' }),
    })
    expect(readError(400, none, deep).code).toBe('vendor_rejected')
  })
})
