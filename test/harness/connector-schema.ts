/** `npm run connector-schema`: writes the JSON Schema of connector manifests from the form that the app reads. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestJsonSchema } from '../../main/connectors/manifest/schema.ts'
import { root } from './host.ts'

const file = join(root, 'resources', 'connector.schema.json')
writeFileSync(file, `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`)
console.log(`wrote ${file.slice(root.length + 1)}`)
