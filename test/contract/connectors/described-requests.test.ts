import { describe, expect, it } from 'vitest'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { covered } from '../coverage.ts'
import { describedOperations } from '../described-operations.ts'
import { vendorData } from '../sandbox/described.ts'
import { open } from './connected.ts'
import { requestChecker } from './described-requests.ts'
import { doEverything } from './everything.ts'

/** Not in the stored API descriptions: files, and lists that a connector asks for with "where allowed". */
const outside = ['GET /api/v2/brands', 'GET /api/v2/macros/', 'GET /attachments/']

const isThread = (row: Conversation) => row.vendorId.startsWith('thread:')

describe('every request a connector can make is one that the vendor describes', () => {
  it.each([
    [
      'zendesk',
      zendesk,
      { subdomain: 'nova' },
      { site: 'nova.zendesk.com', email: 'haruto.sato@nova.example' },
      'nova.zendesk.com',
      12,
      [() => true],
    ],
    [
      'hubspot',
      hubspot,
      {},
      { site: '62515001', email: 'ines.fournier@lumen.example' },
      'api.hubapi.com',
      19,
      [(row: Conversation) => !isThread(row), isThread],
    ],
  ] as const)(
    '%s',
    async (id, connector, site, who, host, least, sorts) => {
      const description = vendorData(`specs/${id}.openapi.json`)
      if (description === undefined) return
      const account = await open(connector, site, who, 267)
      try {
        await doEverything(connector, account.ctx, site, [...sorts])
        const requests = (await account.sandbox.control.requests({ host })).filter((request) =>
          request.headers.authorization?.startsWith('Bearer'),
        )
        const checker = await requestChecker(description)
        const mine = requests.filter(
          (request) => !outside.some((each) => `${request.method} ${request.path}`.startsWith(each)),
        )
        expect([...new Set(mine.flatMap((request) => checker.faults(request)))]).toEqual([])
        expect(checker.met.size).toBeGreaterThanOrEqual(least)
        const { missing, names } = describedOperations(id, checker.met)
        expect(missing).toEqual([])
        covered(id, 'described', names)
      } finally {
        await account.close()
      }
    },
    60_000,
  )
})
