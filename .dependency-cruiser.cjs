/** The layers of ARCHITECTURE.md, checked. */
const layer = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to,
});
module.exports = {
  forbidden: [
    layer(
      'core-knows-no-network',
      '^src/',
      { path: '^bridges/' },
      'src/ must build with bridges/ deleted.',
    ),
    layer(
      'nothing-rests-on-the-bench',
      '^(src|bridges)/',
      { path: '^bench/' },
      'What is measured knows nothing of it.',
    ),
    layer(
      'the-bench-compares-strangers',
      '^bench/(null|floor|peers)/',
      { path: '^(src|bridges)/|^bench/ours/' },
      'What we are compared with shares no code with us.',
    ),
    layer(
      'bridges-see-the-adapter-api-only',
      '^bridges/[^/]+/',
      { path: '^src/', pathNot: '^src/adapter/index\\.ts$' },
      'What an adapter needs belongs in #adapter.',
    ),
    layer(
      'bridges-do-not-meet',
      '^bridges/([^/]+)/',
      { path: '^bridges/', pathNot: '^bridges/$1/' },
      'Two networks share code through #adapter or not at all.',
    ),
    layer(
      'model-is-a-leaf',
      '^src/model/',
      { path: '^src/', pathNot: '^src/model/' },
      'Plain data, no behaviour.',
    ),
    layer(
      'adapter-api-rests-on-model',
      '^src/adapter/',
      { path: '^src/', pathNot: '^src/(adapter|model)/' },
      'The public API drags nothing along.',
    ),
    layer(
      'ports-rest-on-model',
      '^src/ports/',
      { path: '^src/', pathNot: '^src/(ports|adapter|model)/' },
      'A port names what it needs, not who provides it.',
    ),
    layer(
      'engine-is-pure',
      '^src/engine/',
      { path: '^src/', pathNot: '^src/(engine|adapter|ports|model|rich|util)/' },
      'No HTTP, no SQL, no config file in the logic.',
    ),
    layer(
      'rich-rests-on-model',
      '^src/rich/',
      { path: '^src/', pathNot: '^src/(rich|model|util)/' },
      'The tree itself is plain data in model/, so that #adapter can export it.',
    ),
    layer(
      'matrix-wire-is-alone',
      '^src/matrix/',
      { path: '^src/', pathNot: '^src/(matrix|ports|model|util)/' },
      'Only this folder knows Matrix paths and JSON.',
    ),
    layer(
      'store-is-alone',
      '^src/store/',
      { path: '^src/', pathNot: '^src/(store|ports|model|util)/' },
      'Only this folder knows SQL.',
    ),
    layer(
      'metrics-are-alone',
      '^src/metrics/',
      { path: '^src/', pathNot: '^src/(metrics|ports|model|util)/' },
      'Only this folder knows how metrics look.',
    ),
    layer(
      'the-door-of-operators-is-alone',
      '^src/operator/',
      { path: '^src/', pathNot: '^src/(operator|ports|model|util)/' },
      'What it is asked is answered by whoever puts it there.',
    ),
    layer(
      'koa-stays-in-http',
      '^src/(?!matrix/appservice/|provisioning/|playground/|testing/)',
      { path: '(^|node_modules/)(koa|@koa/[^/]+)/' },
      'Only the HTTP edge may import Koa.',
    ),
    layer(
      'the-kit-is-only-for-tests',
      '^src/(?!testing/|playground/)',
      { path: '^src/testing/' },
      'The core never rests on a fake.',
    ),
    layer(
      'the-playground-runs-no-tests',
      '^src/(playground|cli)/',
      { path: '^src/testing/(index|adapter-contract|store-contract)|node_modules/vitest/' },
      'The dev homeserver and the loopback network work without a test runner.',
    ),
    layer(
      'the-kit-rests-on-the-api',
      '^src/testing/',
      { path: '^src/', pathNot: '^src/(testing|adapter|ports|model|util)/' },
      'A fake that shares code with what it stands for proves nothing.',
    ),
    layer(
      'sqlite-stays-in-store',
      '^src/(?!store/sqlite/)',
      { path: 'node_modules/better-sqlite3/' },
      'Only the store may import the driver.',
    ),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'warn',
      from: { orphan: true, path: '^(src|bridges)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
