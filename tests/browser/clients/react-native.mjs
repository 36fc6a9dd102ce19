// @react-native-kakao/share as npm has it, with React Native around it replaced: the native module notes what it is handed.

import Module, { createRequire } from 'node:module';

// Its CommonJS build says that it is a module, which Node does not load; bundlers take this one.
import * as utilities from '@mj-studio/js-util';

const require = createRequire(import.meta.url);

/** The package for `platform` (`android`, `ios`): `{ api, handed }`; `handed` gets the arguments of each call. */
export function nativeShare(platform) {
  const handed = [];
  const names = ['sendType', 'templateType', 'templateId', 'template', 'receiverUuids', 'useWebBrowser', 'templateArgs', 'serverCallbackArgs'];
  const module = { shareOrSendMeOrSendFriendOrWhatever: async (...given) => { handed.push(Object.fromEntries(names.map((name, at) => [name, given[at]]))); return 0; } };
  const reactNative = { NativeModules: { RNCKakaoShare: module }, Platform: { OS: platform, select: (choice) => choice[platform] ?? choice.default }, TurboModuleRegistry: {} };
  return { api: load('@react-native-kakao/share', { 'react-native': reactNative }), handed };
}

/** The package's web build on top of `Kakao`, the JavaScript SDK. */
export function webShare(Kakao) {
  globalThis.Kakao = Kakao;
  const core = load('@react-native-kakao/core/lib/commonjs/index.web.js', { 'react-native': { Platform: { OS: 'web', select: (choice) => choice.web } } });
  return load('@react-native-kakao/share/lib/commonjs/index.web.js', { '@react-native-kakao/core': core });
}

/** Loads a CommonJS package anew, with some of what it requires replaced. */
function load(name, replaced) {
  const original = Module._load;
  Module._load = function replacing(request, ...rest) { return request === '@mj-studio/js-util' ? utilities : replaced[request] ?? original.call(this, request, ...rest); };
  try {
    for (const key of Object.keys(require.cache)) if (key.includes('@react-native-kakao')) delete require.cache[key];
    return require(name);
  } finally {
    Module._load = original;
  }
}
