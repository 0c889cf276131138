/*
 * Sentences for people are no logic: a spec that quotes them says them twice and proves nothing. Left alone are the literal texts
 * under `detail`, `message`, `error` and `description`, those of errors that are thrown, and the second argument of `refuse`.
 * A template is left alone only where nothing in it is decided or computed, so that no logic goes with it.
 */
const fields = new Set(['detail', 'message', 'error', 'description']);

export const ignoreProse = {
  shouldIgnore(path) {
    if (!isPlainText(path)) return undefined;
    return isProse(path) ? 'A sentence for people' : undefined;
  },
};

function isPlainText(path) {
  if (path.isStringLiteral()) return true;
  if (!path.isTemplateLiteral()) return false;
  return path.node.expressions.every(isReference);
}

const isReference = ({ type, object, computed }) =>
  type === 'Identifier' || (type === 'MemberExpression' && !computed && isReference(object));

function isProse({ parent, key, listKey, node }) {
  if (parent.type === 'ObjectProperty') return parent.value === node && fields.has(parent.key.name);
  if (parent.type === 'NewExpression') return listKey === 'arguments' && / /.test(textOf(node)) && isError(parent.callee);
  if (parent.type === 'CallExpression') return listKey === 'arguments' && key === 1 && parent.callee.name === 'refuse';
  return false;
}

const isError = ({ name }) => name?.endsWith('Error') ?? false;
const textOf = ({ value, quasis }) => value ?? quasis.map((one) => one.value.raw).join('');
