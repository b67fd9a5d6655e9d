import { describe, expect, it } from 'vitest'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { beforeSending, notOffered, withOutcome } from '../../../main/connectors/outcome.ts'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import { AppError, type Outcome } from '../../../main/errors.ts'
import { scripted } from './scripted.ts'

const failed = (outcome?: Outcome) =>
  new AppError('vendor_failed', 'Trouble.', {
    action: 'Wait.',
    detail: 'HTTP 500',
    retryAfterMs: 9,
    ...(outcome === undefined ? {} : { outcome }),
  })

describe('what became of a request', () => {
  it('is told anew without losing anything else', () => {
    const error = withOutcome(failed('unknown'), 'refused')
    expect(error).toMatchObject({ code: 'vendor_failed', message: 'Trouble.', action: 'Wait.', detail: 'HTTP 500' })
    expect(error).toMatchObject({ retryAfterMs: 9, outcome: 'refused', cause: { outcome: 'unknown' } })
    expect(Object.hasOwn(withOutcome(new AppError('offline', 'No.'), 'unknown').cause as object, 'message')).toBe(true)
  })

  it('is over where the vendor has no way to do it', () => {
    expect(notOffered('There are no tags.', 'Use a note.')).toMatchObject({
      code: 'not_supported',
      message: 'There are no tags.',
      action: 'Use a note.',
      outcome: 'refused',
    })
  })

  it.each([
    ['unknown', 'not_sent'],
    [undefined, 'not_sent'],
    ['not_sent', 'not_sent'],
    ['refused', 'refused'],
  ] as const)('%s before sending is %s', async (was, is) => {
    await expect(beforeSending(Promise.reject(failed(was)))).rejects.toMatchObject({ outcome: is, retryAfterMs: 9 })
  })

  it('is not asked of what is read, nor of what is no error of ours', async () => {
    expect(await beforeSending(Promise.resolve(5))).toBe(5)
    const given = new Error('given up')
    await expect(beforeSending(Promise.reject(given))).rejects.toBe(given)
  })
})

describe('a message whose conversation cannot be read first', () => {
  const words = { bodyText: 'Hello', bodyHtml: '<p>Hello</p>' }
  it.each([
    [hubspot, {}, 'thread:6155979', 'reply'],
    [hubspot, {}, 'ticket:9001', 'note'],
    [zohoDesk, { dc: 'eu', portal: '' }, '17', 'reply'],
  ] as const)('is not sent, and may be sent again: $0.name, %#', async (connector, site, vendorId, kind) => {
    const { ctx, calls } = scripted(connector, site, () => ({ body: { unreadable: true } }))
    const conversation = { vendorId } as Conversation
    await expect(connector.execute(ctx, conversation, { kind, ...words })).rejects.toMatchObject({
      code: 'vendor_bad_answer',
      outcome: 'not_sent',
    })
    expect(calls.filter((call) => call.method === 'POST')).toEqual([])
    expect(calls).not.toEqual([])
  })
})
