import { definitions } from '@ringside/events';
import * as z from 'zod';

/** A field of an event's data, in any version of it: the log still has events of the older ones. */
export interface ContractField {
  readonly event: string;
  readonly topic: string;
  /** `description`, `decision.facts`, `chat[].text`. */
  readonly field: string;
  /** Whether it, or what it lies in, says something about a person. */
  readonly personal: boolean;
  /** Whether the mark is on the field itself. */
  readonly marked: boolean;
  readonly versions: readonly number[];
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly 'x-personal'?: boolean;
}

type FieldOfVersion = Pick<ContractField, 'field' | 'personal' | 'marked'>;

let known: readonly ContractField[] | undefined;

/** Every field of every event of the contract. Read once: the contract does not change while a process runs. */
export const contractFields = (): readonly ContractField[] => (known ??= definitions.flatMap(fieldsOf));

function fieldsOf({ type, topic, versions }: (typeof definitions)[number]): readonly ContractField[] {
  const fields = new Map<string, ContractField>();
  versions.forEach(({ data }, index) => {
    for (const { field, personal, marked } of fieldsWithin(z.toJSONSchema(data) as Node)) {
      const before = fields.get(field);
      fields.set(field, {
        event: type,
        topic,
        field,
        personal: personal || before?.personal === true,
        marked: marked || before?.marked === true,
        versions: [...(before?.versions ?? []), index + 1],
      });
    }
  });
  return [...fields.values()];
}

function fieldsWithin(node: Node, path = '', personal = false): readonly FieldOfVersion[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
    const field = path === '' ? name : `${path}.${name}`;
    const marked = isMarked(inner);
    const isPersonal = personal || marked;
    return [{ field, personal: isPersonal, marked }, ...fieldsWithin(inner, field, isPersonal)];
  });
  const items = node.items === undefined ? [] : fieldsWithin(node.items, `${path}[]`, personal || isMarked(node.items));
  const either = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  // Branches of a union may have the same field; the mark on any of them counts.
  return unique([...own, ...items, ...either.flatMap((branch) => fieldsWithin(branch, path, personal || isMarked(branch)))]);
}

/** A mark on one branch of a union, or on the items of a list, makes the field personal. */
function isMarked(node: Node): boolean {
  if (node['x-personal'] === true) return true;
  const within = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items === undefined ? [] : [node.items])];
  return within.some(isMarked);
}

function unique(fields: readonly FieldOfVersion[]): readonly FieldOfVersion[] {
  const byName = new Map<string, FieldOfVersion>();
  for (const field of fields) {
    const before = byName.get(field.field);
    const personal = field.personal || before?.personal === true;
    byName.set(field.field, { field: field.field, personal, marked: field.marked || before?.marked === true });
  }
  return [...byName.values()];
}
