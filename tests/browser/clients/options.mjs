// Every option that a type definition gives to the settings of a share, found by the TypeScript compiler: `{ path, type }` for each
// leaf, and a settings object with nothing but what is required and that option.

import { createRequire } from 'node:module';

import ts from 'typescript';

const require = createRequire(import.meta.url);

/** The definitions of npm packages: the file, and the namespace in which settings live. */
export const DEFINITIONS = {
  '@types/kakao-js-sdk': { file: () => require.resolve('@types/kakao-js-sdk/index.d.ts'), namespace: 'Link' },
  'kakao-js-sdk': { file: () => require.resolve('kakao-js-sdk/dist/index.d.ts'), namespace: 'Share' },
};

/** `{ sendDefault: [variant…], sendCustom: […], sendScrap: […] }`; a variant is `{ name, options, settings(option) }`. */
export function settingsOf(definition) {
  const program = ts.createProgram([definition.file()], { strict: true, noEmit: true, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] });
  const checker = program.getTypeChecker();
  const functions = {};
  const visit = (node, inside) => {
    if (ts.isModuleDeclaration(node)) return node.body && visit(node.body, node.name.text);
    if (ts.isFunctionDeclaration(node) && inside === definition.namespace) functions[node.name.text] = node;
    ts.forEachChild(node, (child) => { visit(child, inside); });
  };
  ts.forEachChild(program.getSourceFile(definition.file()), (node) => { visit(node, null); });
  const sent = ['sendDefault', 'sendCustom', 'sendScrap'].map((name) => {
    const settings = checker.getTypeAtLocation(functions[name].parameters[0]);
    const variants = settings.isUnion() ? settings.types : [settings];
    return [name, variants.map((type) => variant(checker, type))];
  });
  return Object.fromEntries(sent);
}

function variant(checker, type) {
  const options = [];
  gather(checker, type, [], options);
  const objectType = options.find(({ path }) => path.join('.') === 'objectType')?.type.value;
  return { name: objectType ?? 'settings', options: options.map(({ path }) => path.join('.')), settings: (option) => made(checker, type, [], option?.split('.') ?? null, objectType) };
}

function gather(checker, type, path, options) {
  for (const member of checker.getPropertiesOfType(type)) {
    const inner = plain(checker, member);
    const here = [...path, member.name];
    const element = elementOf(checker, inner);
    const shape = element ?? inner;
    if (isShape(checker, shape)) gather(checker, shape, here, options);
    else options.push({ path: here, type: inner });
  }
}

const plain = (checker, member) => checker.getNonNullableType(checker.getTypeOfSymbol(member));
const elementOf = (checker, type) => (checker.isArrayType(type) ? checker.getTypeArguments(type)[0] : null);
const isShape = (checker, type) => type.isClassOrInterface?.() || (type.flags & ts.TypeFlags.Object && checker.getPropertiesOfType(type).length > 0 && !type.getCallSignatures().length && !checker.isArrayType(type));
const isOptional = (member) => Boolean(member.flags & ts.SymbolFlags.Optional);

/** What is required, and what leads to `option`. */
function made(checker, type, path, option, objectType) {
  const value = {};
  for (const member of checker.getPropertiesOfType(type)) {
    const here = [...path, member.name];
    const wanted = option && here.every((name, at) => option[at] === name);
    if (isOptional(member) && !wanted) continue;
    const inner = plain(checker, member);
    const element = elementOf(checker, inner);
    const one = (shape) => (isShape(checker, shape) ? made(checker, shape, here, option, objectType) : sample(checker, member.name, shape, objectType));
    value[member.name] = element ? Array.from({ length: member.name === 'contents' ? 2 : 1 }, () => one(element)) : one(inner);
  }
  if (/link$/i.test(path.at(-1) ?? '') && !Object.keys(value).length) value.webUrl = SAMPLES.webUrl;
  return value;
}

const SAMPLES = {
  webUrl: 'https://example.com/a', mobileWebUrl: 'https://example.com/a', requestUrl: 'https://example.com/a', templateId: 1003, templateArgs: { SHOP: 'a' },
  serverCallbackArgs: { order: '42' }, regularPrice: 10_000, discountPrice: 9000, discountRate: 10, fixedDiscountPrice: 1000, currencyUnitPosition: 1, imageWidth: 800, imageHeight: 400,
  androidExecParams: 'a=b', iosExecParams: 'a=b', item: '항목', itemOp: '1,000원', sum: '합계', sumOp: '1,000원', profileText: '프로필',
};

function sample(checker, name, type, objectType) {
  if (name === 'objectType') return objectType;
  if (name in SAMPLES) return SAMPLES[name];
  if (/imageUrl$/i.test(name)) return 'https://example.com/a.png';
  if (type.getCallSignatures().length) return () => {};
  if (type.flags & ts.TypeFlags.NumberLike) return 1;
  if (type.flags & ts.TypeFlags.BooleanLike || checker.typeToString(type) === 'boolean') return true;
  if (type.flags & ts.TypeFlags.StringLike) return '글';
  return {};
}
