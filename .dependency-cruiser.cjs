// The directions of docs/architecture.md, one rule each. `only(module, allowed)` forbids every other module of ours.
const ORDER = [
  ['streams', 'audit'],
  ['auth', 'users'],
  ['connections'],
  ['projects'],
  ['execution'],
  ['providers', 'tools'],
  ['usage'],
  ['embeddings'],
  ['memory', 'knowledge', 'behavior'],
  ['agents'],
  ['flows', 'groups', 'swarm', 'scheduler'],
  ['mcp-server'],
  ['events', 'backoffice', 'health'],
];
const onlyDownwards = ORDER.flatMap((rank, index) =>
  rank.map((name) => ({
    name: `${name}-imports-only-downwards`,
    comment: 'A module imports only modules before it in the order of docs/architecture.md.',
    severity: 'error',
    from: { path: `^src/modules/${name}/` },
    to: {
      path: `^src/modules/(${
        ORDER.slice(index + 1)
          .flat()
          .join('|') || 'none'
      })/`,
    },
  })),
);
module.exports = {
  forbidden: [
    {
      name: 'engine-is-framework-free',
      comment: 'The engine is plain TypeScript: it must run, and be tested, without Nest, TypeORM or sockets.',
      severity: 'error',
      from: { path: '^src/engine', pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: { path: '^(src/(?!engine)|node_modules/(@nestjs|typeorm|pg|socket\\.io|fastify))' },
    },
    {
      name: 'engine-only-through-its-index',
      comment: 'What the shell may use of the engine is what its index names.',
      severity: 'error',
      from: { path: '^src/(?!engine)', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/engine/', pathNot: '^src/engine/index\\.ts$' },
    },
    {
      name: 'nobody-imports-events',
      comment: 'events listens; only app.module wires it.',
      severity: 'error',
      from: { path: '^src/modules/(?!events|backoffice)' },
      to: { path: '^src/modules/(events|backoffice)/' },
    },
    {
      name: 'common-knows-no-module',
      severity: 'error',
      from: { path: '^src/(common|config|database)' },
      to: { path: '^src/(modules|engine)' },
    },
    {
      name: 'no-cycles',
      comment: 'Of values: types that name each other cost nothing at run time.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '/testing/', 'main\\.ts$', 'data-source'] },
      to: {},
    },
    ...onlyDownwards,
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    combinedDependencies: true,
  },
};
