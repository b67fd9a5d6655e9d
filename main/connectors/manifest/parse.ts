import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { manifestFaults } from './check.ts'
import { lineAndColumn, locate, schemaFaults, type TextFault } from './faults.ts'
import { type Manifest, manifestSchema } from './schema.ts'

export type Parsed = { manifest: Manifest; faults: [] } | { manifest: null; faults: TextFault[] }

/** Longest manifest that is read, in characters. */
export const longestManifest = 400_000
const mostFaults = 50

/** Reads a manifest. Each fault has the line and column it stands at; never throws. */
export function parseManifest(text: string): Parsed {
  if (text.length > longestManifest)
    return failed([{ line: 1, column: 1, path: '', message: 'This is too long for a connector.' }])
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  if (root === undefined || errors.length > 0) return failed(syntaxFaults(text, errors))
  const twice = repeated(text, root)
  if (twice.length > 0) return failed(twice)
  const parsed = manifestSchema.safeParse(JSON.parse(text))
  if (!parsed.success) return failed(schemaFaults(parsed.error, root).map((fault) => locate(text, root, fault)))
  const faults = manifestFaults(parsed.data)
  if (faults.length > 0) return failed(faults.map((fault) => locate(text, root, fault)))
  return { manifest: parsed.data, faults: [] }
}

function failed(faults: TextFault[]): Parsed {
  const inOrder = faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return { manifest: null, faults: inOrder.slice(0, mostFaults) }
}

const syntaxWords: Partial<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  CommaExpected: 'A comma is missing before this.',
  ColonExpected: 'A colon is missing before this.',
  PropertyNameExpected: 'A name in double quotes is expected here. The last member has no comma after it.',
  ValueExpected: 'A value is expected here. The last item has no comma after it.',
  CloseBraceExpected: 'A } is missing here.',
  CloseBracketExpected: 'A ] is missing here.',
  EndOfFileExpected: 'The connector ends before this.',
  InvalidCommentToken: 'JSON has no comments.',
  UnexpectedEndOfString: 'This text has no closing quote.',
  InvalidEscapeCharacter: 'This escape is not known: write \\\\ for a backslash.',
}

function syntaxFaults(text: string, errors: ParseError[]): TextFault[] {
  if (text.trim() === '') return [{ line: 1, column: 1, path: '', message: 'This is empty.' }]
  // What follows the first is mostly a consequence of it.
  return errors.slice(0, 1).map(({ error, offset }) => ({
    ...lineAndColumn(text, offset),
    path: '',
    message: syntaxWords[printParseErrorCode(error)] ?? 'This is not JSON.',
  }))
}

/** A name that stands twice in one object: JSON lets the last one win, which nobody means. */
function repeated(text: string, node: Node): TextFault[] {
  const names = new Set<string>()
  return (node.children ?? []).flatMap((child) => {
    const name = child.type === 'property' ? String(child.children?.[0]?.value) : null
    const again = name !== null && names.has(name)
    if (name !== null) names.add(name)
    const own = again
      ? [{ ...lineAndColumn(text, child.offset), path: name, message: `"${name}" stands here twice.` }]
      : []
    return [...own, ...repeated(text, child)]
  })
}
