import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectors } from '../../../main/connectors/registry.ts'

const root = join(import.meta.dirname, '../../..')

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

describe('the house of the connectors', () => {
  it('has no vendor named outside its own folder, but for the one registration line', () => {
    const names = connectors.map((connector) => connector.id)
    expect(names).toEqual(expect.arrayContaining(['zendesk', 'zoho-desk']))
    const strangers = ['main', 'preload', 'renderer'].flatMap(sources).flatMap((file) => {
      if (file === 'main/connectors/registry.ts') return []
      const text = readFileSync(join(root, file), 'utf8')
      const literals = [...text.matchAll(/(['"`])([a-z-]+)\1/g)].map((match) => match[2] ?? '')
      return names
        .filter((name) => literals.includes(name) && !file.startsWith(`main/connectors/${name}/`))
        .map((name) => `${file}: ${name}`)
    })
    expect(strangers).toEqual([])
  })

  it('lets no vendor reach into the folder of another', () => {
    const crossings = connectors.flatMap(({ id }) =>
      sources(`main/connectors/${id}`).filter((file) => {
        const text = readFileSync(join(root, file), 'utf8')
        return connectors.some((other) => other.id !== id && text.includes(`/${other.id}/`))
      }),
    )
    expect(crossings).toEqual([])
  })
})
