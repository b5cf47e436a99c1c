# Two stages: everything is installed, from the hash lock alone, where compilers may be; the image that runs has none.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/laurels
COPY requirements.lock ./
RUN /opt/laurels/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Laurels" \
      org.opencontainers.image.description="Recognition for communities of practice, as Open Badges" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /data --create-home laurels
COPY --from=build /opt/laurels /opt/laurels
WORKDIR /srv/laurels
COPY pyproject.toml README.md LICENSE NOTICE alembic.ini ./
COPY alembic alembic
COPY badges badges
COPY app app
COPY docs/verifying.md docs/verifying.md
ENV PATH=/opt/laurels/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    LAURELS_DATABASE_URL=sqlite:////data/laurels.db LAURELS_STATE_DIR=/data/state
USER laurels
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
