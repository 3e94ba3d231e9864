# The broker and every command, from the package:
#   docker build -t ts-kafka .
#   docker run -p 9092:9092 -v ts-kafka:/var/lib/ts-kafka ts-kafka
FROM node:24-bookworm-slim AS package
WORKDIR /src
COPY . .
RUN npm ci && npm pack --pack-destination /tmp && mv /tmp/ts-kafka-cli-*.tgz /tmp/ts-kafka-cli.tgz

FROM node:24-bookworm-slim
COPY --from=package /tmp/ts-kafka-cli.tgz /tmp/
RUN npm install --global /tmp/ts-kafka-cli.tgz && npm cache clean --force && rm /tmp/ts-kafka-cli.tgz
# every interface of the container, and the port that -p 9092:9092 publishes on the host.
# A file and no ENV: KAFKA_CFG_* and KAFKA_* variables win over it, and another file is not overruled by the image
RUN mkdir -p /etc/ts-kafka /var/lib/ts-kafka && chown 1000:1000 /var/lib/ts-kafka \
  && printf '%s\n' \
    'listeners=PLAINTEXT://0.0.0.0:9092' \
    'advertised.listeners=PLAINTEXT://localhost:9092' \
    'log.dirs=/var/lib/ts-kafka' \
    > /etc/ts-kafka/server.properties
# the commands run beside the broker go to it: docker exec CONTAINER kafka-topics --list
ENV TS_KAFKA_BOOTSTRAP_SERVER=localhost:9092
# "node", as a number, so that Kubernetes sees that it is not root
USER 1000:1000
VOLUME /var/lib/ts-kafka
EXPOSE 9092
CMD ["ts-kafka", "server", "/etc/ts-kafka/server.properties"]
