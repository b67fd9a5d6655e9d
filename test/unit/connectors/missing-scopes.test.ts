import { describe, expect, test } from 'vitest'
import { abilityOf } from '../../../main/connectors/missing-scopes.ts'
import { connectors } from '../../../main/connectors/registry.ts'
import { testConnector } from '../oauth/support/desk.ts'

const desk = testConnector(
  {
    scopes: [
      { id: 'read', reason: 'Read tickets', optional: false },
      { id: 'write', reason: 'Answer tickets', optional: false, enables: ['reply', 'note'] },
      { id: 'label', reason: 'Add tags', optional: true, enables: ['tags'] },
    ],
  },
  { capabilities: { commands: ['reply', 'note', 'status', 'tags'], attachments: false } },
)

describe('scopes the vendor did not give', () => {
  test('switch off what needs them, each with a sentence why', () => {
    expect(abilityOf(desk, ['read', 'label'])).toEqual({
      commands: ['status', 'tags'],
      lacks: ['Testdesk did not allow: answer tickets. Reconnect and allow it.'],
    })
    expect(abilityOf(desk, ['read', 'write', 'label'])).toEqual({
      commands: ['reply', 'note', 'status', 'tags'],
      lacks: [],
    })
  })
})

describe('every vendor', () => {
  test.each(connectors.map((connector) => [connector.name, connector] as const))(
    '%s can do all it offers when all was given',
    (_name, connector) => {
      const { signIn, capabilities } = connector
      const all = signIn.kind === 'oauth' ? signIn.scopes.map(({ id }) => id) : []
      expect(abilityOf(connector, all)).toEqual({ commands: capabilities.commands, lacks: [] })
      const enabled = signIn.kind === 'oauth' ? signIn.scopes.flatMap(({ enables }) => enables ?? []) : []
      expect(enabled.filter((command) => !capabilities.commands.includes(command))).toEqual([])
    },
  )
})
