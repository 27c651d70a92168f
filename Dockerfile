FROM python:3.13-slim AS build
COPY . /source
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /source

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels \
 && useradd --create-home --uid 10001 mockserver \
 && mkdir /scenarios
USER mockserver
VOLUME /scenarios
# beyond the container's own loopback, or no published port would reach it
ENV MOCKSERVER_HOST=0.0.0.0 MOCKSERVER_SCENARIOS=/scenarios PYTHONUNBUFFERED=1
EXPOSE 9000
# python asks, for a slim image has no curl
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"MOCKSERVER_PORT\", 9000)}/health')"]
ENTRYPOINT ["mockserver"]
