export default { test: { globalSetup: './sandbox.setup.mjs', include: ['*.vitest.mjs'] } };
