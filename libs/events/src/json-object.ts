/** How deep objects and arrays may lie in one another. */
export const jsonDepthMax = 16;

type Pending = readonly [value: object, depth: number];

/**
 * Why `value` is not a JSON object that can be stored and read back as the same, as a phrase; null where it is one.
 * Without recursion: what comes off the network may be nested more deeply than the stack is tall.
 */
export function faultOfJsonObject(value: unknown): string | null {
  if (!isPlainObject(value)) return 'must be a JSON object';
  const pending: Pending[] = [[value, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [container, depth] = next;
    if (depth > jsonDepthMax) return `must not be nested more than ${jsonDepthMax} levels deep`;
    const fault = Array.isArray(container)
      ? faultOfItems(container, depth, pending)
      : faultOfMembers(container, depth, pending);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfMembers(container: object, depth: number, pending: Pending[]): string | null {
  for (const [key, member] of Object.entries(container)) {
    // Whoever copies such a key by assignment would change the copy's prototype.
    if (key === '__proto__') return 'must not have a key named __proto__';
    if (!key.isWellFormed()) return 'must not contain broken Unicode';
    const fault = faultOfMember(member, depth, pending);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfItems(items: readonly unknown[], depth: number, pending: Pending[]): string | null {
  for (const item of items) {
    const fault = faultOfMember(item, depth, pending);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfMember(member: unknown, depth: number, pending: Pending[]): string | null {
  if (typeof member === 'string') return member.isWellFormed() ? null : 'must not contain broken Unicode';
  if (typeof member === 'number')
    return Number.isFinite(member) ? null : 'must not contain a number beyond the range of a double';
  if (typeof member === 'boolean' || member === null) return null;
  if (!Array.isArray(member) && !isPlainObject(member)) return 'must contain JSON values only';
  pending.push([member, depth + 1]);
  return null;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
