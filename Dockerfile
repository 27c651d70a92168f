# An exact patch release on an exact Debian. To hold the very bytes, write its digest behind it, `python:...@sha256:...`:
#   docker buildx imagetools inspect python:3.13.7-slim-bookworm --format '{{.Manifest.Digest}}'
ARG PYTHON=python:3.13.7-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /source
# what is installed changes less often than the source: a layer of its own, made before the source is there
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > wanted.txt \
 && python -m venv --without-pip /opt/mockserver \
 && pip --python /opt/mockserver/bin/python install --no-cache-dir -c constraints.txt -r wanted.txt \
 && pip install --no-cache-dir -c constraints.txt hatchling pyyaml
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && pip --python /opt/mockserver/bin/python install --no-cache-dir --no-deps /wheels/*.whl

FROM ${PYTHON}
LABEL org.opencontainers.image.title="mockserver" \
      org.opencontainers.image.description="A mock and contract-test server for Medusa v1's Store API." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13.7-slim-bookworm"
COPY --from=build /opt/mockserver /opt/mockserver
# nothing is installed in a container: no pip, neither the one that there is nor the one that Python could bring back;
# the base has no compiled standard library, and the user may write none: a start that ends at once, as its parent is
# not there, leaves what the server needs of it
RUN pip uninstall --yes --quiet --root-user-action=ignore pip \
 && rm -r "$(python -c 'import ensurepip; print(ensurepip.__path__[0])')" \
 && mkdir /scenarios \
 && /opt/mockserver/bin/mockserver --port 0 --parent 4194304
USER 10001:10001
VOLUME /scenarios
# beyond the container's own loopback, or no published port would reach it
ENV PATH=/opt/mockserver/bin:$PATH MOCKSERVER_HOST=0.0.0.0 MOCKSERVER_SCENARIOS=/scenarios PYTHONUNBUFFERED=1
EXPOSE 9000
# bash asks by itself, directly, in some milliseconds: no Python is started, and no proxy of the environment is asked
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s \
  CMD ["bash", "-c", "port=${MOCKSERVER_PORT:-9000}; [[ $port == *[!0-9]* ]] && port=9000; exec 3<>/dev/tcp/127.0.0.1/$port && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]
ENTRYPOINT ["mockserver"]
