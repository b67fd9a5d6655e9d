import type { Directory, Person } from '../../connectors/model.ts'
import type { Db } from './driver.ts'

export interface People {
  /** Answers whether anything new was learnt. */
  put(account: number, person: Person): boolean
  /** The person with what is known already in the place of what the vendor left out this time. */
  fill(account: number, person: Person): Person
  putAgents(account: number, agents: Directory['agents']): void
  agents(account: number): Directory['agents']
}

type Known = Pick<Person, 'name' | 'email' | 'phone'>

export function createPeople(db: Db): People {
  const get = db.prepare<[number, string], Known>(
    'SELECT name, email, phone FROM people WHERE account = ? AND vendor_id = ?',
  )
  const put = db.prepare<[number, string, string | null, string | null, string | null]>(
    'INSERT OR REPLACE INTO people (account, vendor_id, name, email, phone) VALUES (?, ?, ?, ?, ?)',
  )
  const clearAgents = db.prepare<[number]>('DELETE FROM agents WHERE account = ?')
  const putAgent = db.prepare<[number, string, string, string | null, number]>(
    'INSERT OR REPLACE INTO agents (account, vendor_id, name, email, active) VALUES (?, ?, ?, ?, ?)',
  )
  const agents = db.prepare<[number], { vendor_id: string; name: string; email: string | null; active: number }>(
    'SELECT vendor_id, name, email, active FROM agents WHERE account = ? ORDER BY vendor_id',
  )
  const fill = (account: number, person: Person): Person => {
    const known = person.vendorId === null ? undefined : get.get(account, person.vendorId)
    if (!known) return person
    const { vendorId, name, email, phone } = person
    return { vendorId, name: name ?? known.name, email: email ?? known.email, phone: phone ?? known.phone }
  }
  return {
    fill,
    put(account, person) {
      if (person.vendorId === null) return false
      const known = get.get(account, person.vendorId)
      const next = fill(account, person)
      if (known && known.name === next.name && known.email === next.email && known.phone === next.phone) return false
      put.run(account, person.vendorId, next.name, next.email, next.phone)
      return true
    },
    putAgents(account, list) {
      clearAgents.run(account)
      for (const one of list) putAgent.run(account, one.vendorId, one.name, one.email, one.active ? 1 : 0)
    },
    agents: (account) =>
      agents
        .all(account)
        .map(({ vendor_id, name, email, active }) => ({ vendorId: vendor_id, name, email, active: active === 1 })),
  }
}
