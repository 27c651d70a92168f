FROM python:3.13-slim AS build
COPY . /source
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /source

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels \
 && useradd --create-home --uid 10001 mockserver \
 && mkdir /scenarios
USER 10001
VOLUME /scenarios
# beyond the container's own loopback, or no published port would reach it
ENV MOCKSERVER_HOST=0.0.0.0 MOCKSERVER_SCENARIOS=/scenarios PYTHONUNBUFFERED=1
EXPOSE 9000
# our own command asks: a slim image has no curl, and what asks here must not ask a proxy that the environment names
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s \
  CMD mockserver wait "http://127.0.0.1:${MOCKSERVER_PORT:-9000}" --timeout 1s
ENTRYPOINT ["mockserver"]
