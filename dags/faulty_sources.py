"""Faulty source files, shown as an import error of this file on Airflow's page; it makes no Dag and takes none away."""

from lurewatch.app.schedule import refuse_faulty_files

refuse_faulty_files()
