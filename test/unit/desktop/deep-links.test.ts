import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDeepLinks, linkFromArguments } from '../../../main/desktop/deep-links.ts'
import { createClock, createLog } from './fakes.ts'

const link = 'app.manydesk://oauth/callback?code=canary-code&state=canary-state'

function setUp() {
  const clock = createClock()
  const log = createLog()
  const got: string[] = []
  const links = createDeepLinks({ clock, log })
  return { clock, log, got, links, take: () => links.deliverTo((text) => got.push(text)) }
}

describe('the link among the arguments of a start', () => {
  it.each([
    [['/opt/Manydesk/manydesk', link], link],
    [['manydesk.exe', '--', link], link],
    [['manydesk.exe', '--allow-file-access-from-files', link, '--original-process-start-time=1'], link],
    [['node', 'index.js', 'app.manydesk:oauth/callback'], 'app.manydesk:oauth/callback'],
    [['manydesk'], null],
    [[], null],
    [['manydesk', 'https://example.com'], null],
    [['manydesk', 'app.manydesk.evil://oauth/callback'], null],
    [['manydesk', `--url=${link}`], null],
    [['manydesk', `app.manydesk://oauth/callback?code=${'a'.repeat(9000)}`], null],
  ])('of %j is found or not', (argv, expected) => {
    expect(linkFromArguments(argv)).toBe(expected)
  })

  it('whatever the arguments are, only our own scheme is taken', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constant(link))), (argv) => {
        const found = linkFromArguments(argv)
        if (found !== null) expect(new URL(found).protocol).toBe('app.manydesk:')
      }),
    )
  })
})

describe('links from outside', () => {
  it('wait until somebody takes them, in their order', () => {
    const { links, got, take } = setUp()
    links.offer(`${link}&n=1`)
    links.offer(`${link}&n=2`)
    expect(got).toEqual([])
    take()
    links.offer(`${link}&n=3`)
    expect(got).toEqual([`${link}&n=1`, `${link}&n=2`, `${link}&n=3`])
  })

  it('are dropped in a flood, with one log line a second and without their text', () => {
    const { links, got, take, log, clock } = setUp()
    take()
    for (let n = 0; n < 1000; n++) {
      links.offer(link)
      clock.advance(2)
    }
    expect(got).toHaveLength(20)
    expect(log.lines).toHaveLength(2)
    expect(JSON.stringify(log.lines)).not.toContain('canary')
    clock.advance(10_000)
    links.offer(link)
    expect(got).toHaveLength(21)
  })

  it('that are garbage reach nobody', () => {
    const { links, got, take, log } = setUp()
    take()
    fc.assert(fc.property(fc.string(), (text) => links.offer(text)))
    expect(got).toEqual([])
    expect(log.lines).toHaveLength(1)
  })
})
