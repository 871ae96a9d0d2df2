# One image for the desk, the command line and every Airflow component; runs as an ordinary user.
# The digest is what public repositories independently pin this tag to (docs/deploy.md).
FROM python:3.12.14-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254

RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium-headless-shell fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji tini curl git openssh-client \
       tesseract-ocr tesseract-ocr-eng tesseract-ocr-amh tesseract-ocr-ara tesseract-ocr-ben tesseract-ocr-chi-sim tesseract-ocr-chi-tra \
       tesseract-ocr-fil tesseract-ocr-fra tesseract-ocr-hin tesseract-ocr-ind tesseract-ocr-jpn tesseract-ocr-khm tesseract-ocr-kor \
       tesseract-ocr-lao tesseract-ocr-msa tesseract-ocr-mya tesseract-ocr-nep tesseract-ocr-por tesseract-ocr-rus tesseract-ocr-sin \
       tesseract-ocr-spa tesseract-ocr-swa tesseract-ocr-tam tesseract-ocr-tha tesseract-ocr-tur tesseract-ocr-urd tesseract-ocr-uzb \
       tesseract-ocr-uzb-cyrl tesseract-ocr-vie restic postgresql-common \
    && /usr/share/postgresql-common/pgdg/*.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --create-home --home-dir /home/lurewatch lurewatch
WORKDIR /srv/lurewatch

COPY requirements/image.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/image.txt

COPY pyproject.toml README.md LICENSE ./
COPY foundation foundation
COPY crawlers crawlers
COPY enrichment enrichment
COPY index index
COPY desk desk
COPY lurewatch lurewatch
COPY dags dags
COPY deploy/stack deploy/stack
COPY seeds seeds
COPY benchmarks/texts benchmarks/texts
# The account of the image writes nothing here: without its byte code each task would compile all it imports.
RUN pip install --no-cache-dir --no-deps -e . \
    && python -m compileall -q foundation crawlers enrichment index desk lurewatch dags deploy \
    && mkdir -p /data && chown lurewatch:lurewatch /data

USER lurewatch
ENV PYTHONUNBUFFERED=1 AIRFLOW_HOME=/data/airflow AIRFLOW__CORE__DAGS_FOLDER=/srv/lurewatch/dags
VOLUME /data
ENTRYPOINT ["tini", "--"]
CMD ["lurewatch", "serve"]
