import type { Moving } from '../accounts/moving.ts'
import { saveNewFile } from '../files/save-file.ts'
import type { Handlers } from './router.ts'

interface MovingParts {
  /** @throws AppError while starting */
  moving(): Moving
  downloadsFolder: string
}

export function movingHandlers({
  moving,
  downloadsFolder,
}: MovingParts): Pick<Handlers, 'moving.export' | 'moving.preview' | 'moving.import'> {
  return {
    async 'moving.export'() {
      const file = moving().export()
      const text = `${JSON.stringify(file, null, 2)}\n`
      return {
        fileName: await saveNewFile(downloadsFolder, 'manydesk-accounts.json', Buffer.from(text)),
        folder: downloadsFolder,
        accounts: file.accounts.length,
        brands: file.brands.length,
      }
    },
    'moving.preview': ({ text }) => moving().preview(text),
    'moving.import': ({ text }) => moving().import(text),
  }
}
